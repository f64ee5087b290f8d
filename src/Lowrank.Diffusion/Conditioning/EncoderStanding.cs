using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>What tells whether a text encoder would say of the same tokens what it said: its weights, and the adapters that act on
/// it.</summary>
sealed class EncoderStanding
{
    readonly Tensor[] weights;
    readonly ScalarType dtype;
    readonly WriteMark mark;
    readonly object?[] hosts;

    EncoderStanding(Tensor[] weights, WriteMark mark, object?[] hosts) =>
        (this.weights, dtype, this.mark, this.hosts) = (weights, weights[0].dtype, mark, hosts);

    /// <summary>As it is now; null where it cannot be told, or gradients are to go back.</summary>
    public static EncoderStanding? Of(ClipTextModel encoder)
    {
        if (is_grad_enabled()) return null;
        var hosts = new List<object?>();
        foreach (var layer in encoder.modules().OfType<IAdaptable>())
        {
            var standing = layer.Host?.Standing;
            if (layer.Host is not null && standing is null) return null;
            hosts.Add(standing);
        }
        Tensor[] weights = [.. encoder.parameters()];
        var mark = WriteMark.Of(weights);
        return mark.IsCounted ? new(weights, mark, [.. hosts]) : null;
    }

    /// <summary>Whether nothing has changed in between.</summary>
    public bool IsSame(EncoderStanding other) =>
        mark == other.mark && dtype == other.dtype
        && weights.SequenceEqual(other.weights, ReferenceEqualityComparer.Instance)
        && hosts.SequenceEqual(other.hosts);
}

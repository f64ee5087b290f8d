using System.Globalization;

namespace Lowrank.Torch;

/// <summary>Scales gradients so that their common norm stays below a limit.</summary>
public static class GradientClipping
{
    /// <summary>
    /// Multiplies every gradient by min(1, limit / (norm + 1e-6)), as PyTorch's <c>clip_grad_norm_</c> does, and returns the norm before.
    /// </summary>
    /// <param name="parameters">Parameters; those without a gradient are passed over.</param>
    /// <param name="limit">Largest norm over all gradients together, above 0; infinity only measures.</param>
    /// <exception cref="LowrankException">The limit is 0 or below, or no number.</exception>
    public static double Clip(IEnumerable<Tensor> parameters, double limit)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(limit > 0))
            throw new LowrankException(string.Create(
                CultureInfo.InvariantCulture, $"the limit of gradients is {limit}, and must be above 0; infinity only measures"));
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var gradients = parameters.Select(p => p.grad).OfType<Tensor>().ToArray();
        if (gradients.Length == 0) return 0;
        double norm = stack([.. gradients.Select(g => g.norm().to(ScalarType.Float32))]).norm().ToDouble();
        double factor = limit / (norm + 1e-6);
        if (factor < 1)
            foreach (var gradient in gradients) gradient.mul_(factor);
        return norm;
    }
}

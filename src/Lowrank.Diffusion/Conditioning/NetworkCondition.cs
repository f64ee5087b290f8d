using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>What a denoising network is told of a batch besides sample and level, in the dtype that it computes in.</summary>
/// <param name="Context">Encoded text, (B, T, C).</param>
/// <param name="Added">What XL is told besides; null for others.</param>
public sealed record NetworkCondition(Tensor Context, AddedConditions? Added)
{
    /// <summary>Channels that stand behind the sample's own, (B, C', H, W), as inpainting models see a mask; null for none.</summary>
    public Tensor? Beside { get; init; }

    /// <summary>
    /// The rows of this, and then those of <paramref name="other"/>, texts of unequal length brought to one; null where that would make
    /// them much longer.
    /// </summary>
    public NetworkCondition? Then(NetworkCondition other)
    {
        if (!ContextLengths.TryRepeat([Context, other.Context], out var contexts)) return null;
        return new(cat(contexts.ToArray()), Added is { } added ? Joined(added, other.Added!) : null)
        {
            Beside = Beside is { } beside ? cat([beside, other.Beside!]) : null,
        };
    }

    /// <summary>The rows of these numbers, in this order.</summary>
    public NetworkCondition Rows(IReadOnlyList<int> rows)
    {
        using var index = tensor(rows.Select(row => (long)row).ToArray(), device: Context.device);
        return new(Of(Context), Added is { } added ? new(Of(added.TextEmbeds), Of(added.TimeIds)) : null)
        {
            Beside = Beside is { } beside ? Of(beside) : null,
        };

        Tensor Of(Tensor all) => all.index_select(0, index);
    }

    static AddedConditions Joined(AddedConditions first, AddedConditions second) =>
        new(cat([first.TextEmbeds, second.TextEmbeds]), cat([first.TimeIds, second.TimeIds]));
}

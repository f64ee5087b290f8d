namespace Lowrank.Graphs;

/// <summary>A condition made ready for a run over latents of one size.</summary>
/// <param name="Told">What the network is told, a row for each picture.</param>
/// <param name="Area">The part that is computed; null is the whole.</param>
/// <param name="Weight">Its weight at each place of that part, (N or 1, 1, h, w).</param>
sealed record PlacedCondition(NetworkCondition Told, LatentArea? Area, Tensor Weight)
{
    /// <summary>The largest σ at which it holds.</summary>
    public required double From { get; init; }

    /// <summary>The smallest.</summary>
    public required double Until { get; init; }

    /// <summary>Adapters that act where it is asked.</summary>
    public required IReadOnlyList<Hook> Hooks { get; init; }

    /// <summary>Mask and latents that an inpainting network is shown, (N, 1 + C, H, W); null for others.</summary>
    public required Tensor? Shown { get; init; }

    /// <summary>Whether it holds only where no other condition of its side does.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>Whether it holds at σ.</summary>
    public bool HoldsAt(double sigma) => sigma <= From && sigma >= Until;

    /// <summary>Its part of latents (N, C, H, W).</summary>
    public Tensor PartOf(Tensor latents) => Area is { } area ? area.Of(latents) : latents;
}

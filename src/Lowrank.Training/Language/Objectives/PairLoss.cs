namespace Lowrank.Training;

/// <summary>A form of the loss of pairs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Help">What it is, in a line.</param>
/// <param name="Formula">The loss of each pair, (pairs).</param>
sealed record PairLoss(string Name, string Help, Func<PairNumbers, Tensor> Formula)
{
    /// <summary>Whether it looks at the ratios by the divergence that is chosen.</summary>
    public bool HeedsDivergence { get; init; } = true;

    /// <summary>Whether it looks at label smoothing.</summary>
    public bool HeedsSmoothing { get; init; }
}

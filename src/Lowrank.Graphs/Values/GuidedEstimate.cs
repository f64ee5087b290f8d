namespace Lowrank.Graphs;

/// <summary>A clean estimate after guidance, and what it was made of.</summary>
/// <param name="X">The noisy sample x₀ + σ·ε, (N, C, H, W), in the network's units.</param>
/// <param name="Sigma">σ.</param>
/// <param name="Guided">The clean estimate.</param>
/// <param name="Positive">That of the positive side alone.</param>
/// <param name="Negative">That of the negative side; zeros where it was not asked.</param>
public sealed record GuidedEstimate(Tensor X, double Sigma, Tensor Guided, Tensor Positive, Tensor Negative)
{
    /// <summary>Asks the positive (true) or the negative side about a sample of the same level, with changes of the network.</summary>
    public required Func<bool, Tensor, Func<UNetChanges, UNetChanges>, Tensor> Ask { get; init; }

    /// <summary>What the coarsest self-attention looked at on the negative side, (N, heads, T, T); null where nobody watched.</summary>
    public Tensor? Attention { get; init; }

    /// <summary>What the positive side says of a sample under changes of the network.</summary>
    public Tensor AskPositive(Tensor x, Func<UNetChanges, UNetChanges> changes) => Ask(true, x, changes);

    /// <summary>What the negative side says of a sample.</summary>
    public Tensor AskNegative(Tensor x) => Ask(false, x, changes => changes);
}

namespace Lowrank.Adapters;

/// <summary>How an adapter is extracted from two models.</summary>
/// <param name="Rank">The rank that each layer gets.</param>
public sealed record ExtractOptions(RankChoice Rank)
{
    /// <summary>Whether a decomposition is taken in full rather than by random projections.</summary>
    public bool FullSvd { get; init; }

    /// <summary>By what share the error of random projections may exceed that of the full decomposition.</summary>
    public double Tolerance { get; init; } = 0.01;

    /// <summary>Whether no rank exceeds a layer's channels, the kernel's entries not counted, as in kohya and LyCORIS.</summary>
    public bool AtMostChannels { get; init; }

    /// <summary>The quantile at which factors are clamped (see <see cref="FactorClamp"/>), kohya's is 0.99; null does not clamp.</summary>
    public double? Clamp { get; init; }

    /// <summary>
    /// Whether a convolution's down is split once more into a pointwise factor and a
    /// core (LyCORIS's small_conv): smaller, and much less exact.
    /// </summary>
    public bool Tucker { get; init; }

    /// <summary>
    /// The share of the rest that is dropped, 0 to 1, while the largest entries are kept beside
    /// the factors (LyCORIS's sparse bias, 0.98); null keeps none.
    /// </summary>
    public double? Sparsity { get; init; }

    /// <summary>Whether a layer whose rank reaches half of its outputs is held whole, bias included, as in LyCORIS.</summary>
    public bool WholeIfLarge { get; init; }

    /// <summary>Whether every layer is held whole, norms and biases too.</summary>
    public bool Whole { get; init; }

    /// <summary>
    /// By what a component does: where no weight of it changed by more, it is left out; null leaves out what did not change at all.
    /// </summary>
    public Func<ComponentRole, double>? LeastDifference { get; init; }

    /// <summary>
    /// What the components do, by their names (<see cref="ModelDescription.Roles"/>); one that is not named is a network.
    /// </summary>
    public IReadOnlyDictionary<string, ComponentRole> Roles { get; init; } = new Dictionary<string, ComponentRole>();

    /// <summary>As sd-scripts' extract_lora_from_models.py.</summary>
    /// <param name="rank">Of linear layers and 1×1 convolutions.</param>
    /// <param name="convolutionRank">Of larger kernels; null takes the same.</param>
    /// <param name="leastDifference">Text encoders in which nothing changed by more are left out.</param>
    /// <param name="clamp">The quantile of the clamp.</param>
    public static ExtractOptions Kohya(int rank, int? convolutionRank = null, double leastDifference = 0.01, double clamp = 0.99) =>
        new(RankChoice.Fixed(rank, convolutionRank))
        {
            AtMostChannels = true,
            Clamp = clamp,
            LeastDifference = role => role == ComponentRole.TextEncoder ? leastDifference : 0,
        };

    /// <summary>As LyCORIS's extract_locon.py.</summary>
    /// <param name="rank">Rules of ranks.</param>
    public static ExtractOptions Lycoris(RankChoice rank) => new(rank) { AtMostChannels = true, WholeIfLarge = true, Tucker = true };

    internal void Check()
    {
        if (Clamp is not (null or >= 0 and <= 1))
            throw new LowrankException($"a quantile to clamp at is between 0 and 1, and {PlainValue.Text(Clamp)} was given");
        if (Sparsity is not (null or >= 0 and <= 1))
            throw new LowrankException($"a sparsity is between 0 and 1, and {PlainValue.Text(Sparsity)} was given");
        if (LeastDifference is not null && Roles.Count == 0)
            throw new LowrankException(
                "what is left out goes by what a component does, and no component's role is told. Set Roles (ModelDescription.Roles).");
        if (Tolerance is not (> 0 and < 1))
            throw new LowrankException($"a tolerance is between 0 and 1, and {PlainValue.Text(Tolerance)} was given");
    }
}

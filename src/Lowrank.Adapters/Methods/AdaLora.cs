namespace Lowrank.Adapters;

/// <summary>
/// AdaLoRA: Δ = scale·B·diag(E)·A, a singular value decomposition whose values are masked while training until a budget of ranks is left.
/// </summary>
/// <remarks>
/// scale = alpha/(rank at first + 1e-5), whatever is masked later. A and B begin normal with deviation 0.02, E at 0.
/// <see cref="RankAllocator"/> masks. Source: Zhang et al. 2023, arXiv 2303.10512; scale and initialisation of PEFT 0.21.2.
/// </remarks>
sealed class AdaLora : FactoredReparameterization, ITriplets
{
    readonly Parameter a, b, e;
    readonly Tensor alpha;

    /// <summary>An AdaLoRA of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="a">(rank, in·kernel).</param>
    /// <param name="b">(out, rank).</param>
    /// <param name="e">(rank, 1); of rank 0 where training left the layer none.</param>
    /// <param name="options">The rank at first, by which alpha is divided, and alpha.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public AdaLora(Target target, Tensor a, Tensor b, Tensor e, MethodOptions options) : base(Descriptor, target)
    {
        long rank = e.numel();
        bool fits = a.numel() == rank * target.Columns && b.numel() == target.Out * rank;
        if (!fits)
            throw new LowrankException(
                $"AdaLoRA's parts {a.shape.Text()}, {b.shape.Text()} and {e.shape.Text()} do not fit {target}");
        Settings = options;
        this.a = Train("A", a, rank, target.Columns);
        this.b = Train("B", b, target.Out, rank);
        this.e = Train("E", e, rank, 1);
        this.alpha = Keep("alpha", tensor((float)options.StoredAlpha(options.Rank), device: CPU));
    }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <summary>alpha/(rank at first + 1e-5).</summary>
    public double Scale => Settings.StoredAlpha(Settings.Rank) / (Settings.Rank + 1e-5);

    /// <inheritdoc/>
    public (Parameter A, Parameter B, Parameter E) Triplets => (a, b, e);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("A", a), ("B", b), ("E", e), ("alpha", alpha)];

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors() => (b * Scale, a * e);

    static AdaLora Fresh(Target target, MethodOptions options, Initialization begin)
    {
        var a = begin.Normal(0.02, options.Rank, target.Columns);
        var b = begin.Normal(0.02, target.Out, options.Rank);
        return new AdaLora(target, a, b, begin.Zeros(options.Rank, 1), options);
    }

    static AdaLora Stored(Target target, StoredParts parts)
    {
        var options = parts.Options<AdaLoraOptions>(Descriptor, (int)parts["E"].numel());
        return new AdaLora(target, parts["A"], parts["B"], parts["E"], options.OfFile(parts.Number("alpha")));
    }

    static string? Refusal(Target target, MethodOptions options) =>
        target.Kind is LayerKind.Norm or LayerKind.Embedding ? "it is defined for linear layers and convolutions" : null;

    /// <summary>AdaLoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "adalora", "Zhang et al. 2023, arXiv 2303.10512",
        [new("A", "(rank, in·kernel)"), new("B", "(out, rank)"), new("E", "(rank, 1)"), new("alpha", "()", Required: false)],
        Fresh, Stored)
    {
        Rule = (adapter, options, steps) => ((AdaLoraOptions)options).Allocation(adapter, steps),
        Dropouts = new(DropoutStyle.Peft),
        MayBeEmpty = true,
        Refuses = Refusal,
        OwnOptions = shared => shared as AdaLoraOptions ?? new AdaLoraOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<AdaLoraOptions>(
                "init_r", "rank at first (the rank)", (o, n) => o with { Rank = n }, o => o.Rank),
            MethodArgument.Whole<AdaLoraOptions>(
                "target_r", "ranks that a layer keeps on average in the end (8)", (o, n) => o with { TargetRank = n }, o => o.TargetRank),
            MethodArgument.Whole<AdaLoraOptions>(
                "tinit", "steps in which nothing is masked (0)", (o, n) => o with { WarmUp = n }, o => o.WarmUp),
            MethodArgument.Whole<AdaLoraOptions>(
                "tfinal", "steps at the end in which the kept ranks train on (0)", (o, n) => o with { Final = n }, o => o.Final),
            MethodArgument.Whole<AdaLoraOptions>(
                "deltaT", "steps between new masks (1)", (o, n) => o with { Every = n }, o => o.Every),
            MethodArgument.Number<AdaLoraOptions>(
                "beta1", "memory of the importance (0.85)", (o, n) => o with { Beta1 = n }, o => o.Beta1),
            MethodArgument.Number<AdaLoraOptions>(
                "beta2", "memory of its uncertainty (0.85)", (o, n) => o with { Beta2 = n }, o => o.Beta2),
            MethodArgument.Number<AdaLoraOptions>(
                "orth_reg_weight", "weight of the loss that keeps vectors orthogonal (0.5)",
                (o, n) => o with { OrthogonalWeight = n }, o => o.OrthogonalWeight),
        ],
        Facts = shapes => PartFacts.OfFactors(shapes, "A", "B"),
    };
}

/// <summary>How an AdaLoRA is made, and how its ranks fall in training.</summary>
public sealed record AdaLoraOptions : MethodOptions
{
    /// <summary>Of a rank at first, 1 or more, and an alpha; null or 0 means the rank.</summary>
    public AdaLoraOptions(int rank, double? alpha = null) : base(rank, alpha) { }

    /// <summary>With what every method is asked for.</summary>
    public AdaLoraOptions(MethodOptions shared) : base(shared) { }

    /// <inheritdoc cref="RankBudget.TargetRank"/>
    public int TargetRank { get; init; } = 8;

    /// <inheritdoc cref="RankBudget.WarmUp"/>
    public int WarmUp { get; init; }

    /// <inheritdoc cref="RankBudget.Final"/>
    public int Final { get; init; }

    /// <inheritdoc cref="RankBudget.Every"/>
    public int Every { get; init; } = 1;

    /// <inheritdoc cref="RankBudget.Beta1"/>
    public double Beta1 { get; init; } = 0.85;

    /// <inheritdoc cref="RankBudget.Beta2"/>
    public double Beta2 { get; init; } = 0.85;

    /// <summary>Weight of <see cref="RankAllocator.OrthogonalityLoss"/> in the loss, 0 or more.</summary>
    public double OrthogonalWeight { get; init; } = 0.5;

    /// <summary>What lets the ranks of an adapter fall in a training of so many steps.</summary>
    public RankAllocation Allocation(Adapter adapter, int steps) => new(adapter, Budget(steps), OrthogonalWeight);

    /// <summary>The budget of a training of so many steps.</summary>
    public RankBudget Budget(int steps) => new(TargetRank, steps)
    {
        WarmUp = WarmUp,
        Final = Final,
        Every = Every,
        Beta1 = Beta1,
        Beta2 = Beta2,
    };
}

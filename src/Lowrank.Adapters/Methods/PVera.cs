namespace Lowrank.Adapters;

/// <summary>
/// PVeRA: VeRA whose rank activations are drawn while training, with the mean μ and the log variance that two
/// halves of A give; otherwise Δ = diag(λb)·B·diag(λd')·A'.
/// </summary>
/// <remarks>
/// A (2·rank, largest in) and λd (2·rank) hold the mean's half first, which alone makes Δ. Shared, frozen
/// and drawn as VeRA's. Source: arXiv 2512.07703; PEFT 0.21.2.
/// </remarks>
sealed class PVera : FactoredReparameterization
{
    readonly Parameter lambdaB, lambdaD;
    readonly SharedPart a, b;

    /// <summary>A PVeRA of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="lambdaB">(out).</param>
    /// <param name="lambdaD">(2·rank).</param>
    /// <param name="a">The shared A, (2·rank, in or more).</param>
    /// <param name="b">The shared B, (out or more, rank).</param>
    /// <param name="options">How it was made.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public PVera(Target target, Tensor lambdaB, Tensor lambdaD, SharedPart a, SharedPart b, VeraOptions options) : base(Descriptor, target)
    {
        long both = lambdaD.numel();
        Projections.Check(target, a.Value, b.Value, both, both / 2);
        if (both % 2 != 0 || lambdaB.numel() != target.Out)
            throw new LowrankException($"PVeRA's λd has {both} numbers and λb {lambdaB.numel()}, which does not fit {target}");
        Options = options with { Rank = (int)(both / 2) };
        this.lambdaB = Train("lambda_b", lambdaB, target.Out);
        this.lambdaD = Train("lambda_d", lambdaD, both);
        this.a = Hold("A", a);
        this.b = Hold("B", b);
    }

    /// <summary>How it was made.</summary>
    public VeraOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts =>
        [("lambda_b", lambdaB), ("lambda_d", lambdaD), ("A", a.Value), ("B", b.Value)];

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors() => (Up(), Down().narrow(0, 0, Options.Rank));

    Tensor Up() => lambdaB.unsqueeze(1) * Projections.Cut(b.Value, Target.Out, Options.Rank);

    Tensor Down() => lambdaD.unsqueeze(1) * Projections.Cut(a.Value, 2 * Options.Rank, Target.In);

    internal override bool DropsBeside => training;

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength)
    {
        if (!training) return base.Branch(x, layer, strength);
        var both = nn.functional.linear(x, Down().to(x.dtype)).chunk(2, -1);
        var (mean, logVariance) = (both[0], both[1]);
        var noise = randn(mean.shape, dtype: ScalarType.Float32, device: x.device).to(x.dtype);
        var drawn = mean + noise * (logVariance * 0.5).exp();
        return nn.functional.linear(drawn, (Up() * strength).to(x.dtype));
    }

    static PVera Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (VeraOptions)given;
        var (a, b) = Projections.Drawn(target, begin.Shared, 2L * options.Rank, options.Rank, options.ProjectionSeed);
        return new PVera(target, begin.Zeros(target.Out), begin.Full(options.InitialD, 2L * options.Rank), a, b, options);
    }

    static PVera Stored(Target target, StoredParts parts)
    {
        long both = parts["lambda_d"].numel();
        var options = parts.Options<VeraOptions>(Descriptor, (int)(both / 2));
        var (a, b) = Projections.StoredOrDrawn(target, parts, both, both / 2, options.ProjectionSeed);
        return new PVera(target, parts["lambda_b"], parts["lambda_d"], a, b, options);
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["lambda_d"] is not [var both]) return null;
        long? outputs = shapes.GetValueOrDefault("lambda_b") is [var rows] ? rows : null;
        return new PartFacts(both / 2, outputs, null, []);
    }

    /// <summary>PVeRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = Vera.Descriptor with
    {
        Name = "pvera", Paper = "arXiv 2512.07703",
        Parts =
        [
            new("lambda_b", "(out)"),
            new("lambda_d", "(2·rank)"),
            new("A", "(2·rank, largest in)", Required: false, IsShared: true),
            new("B", "(largest out, rank)", Required: false, IsShared: true),
        ],
        Create = Fresh, FromParts = Stored,
        Facts = Facts,
    };
}

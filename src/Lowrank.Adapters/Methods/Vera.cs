namespace Lowrank.Adapters;

/// <summary>VeRA: Δ = diag(λb)·B·diag(λd)·A, with A and B random, frozen and shared by every target, cut to each one's size.</summary>
/// <remarks>
/// The scale is 1. A (rank, largest in) and B (largest out, rank) are uniform in ±√(6/fan_in),
/// drawn from a seed of their own; λd is 0.1 and λb 0 at first.
/// Source: Kopiczko et al. 2024, arXiv 2310.11454; sizes and draws as in PEFT 0.21.2.
/// </remarks>
sealed class Vera : FactoredReparameterization
{
    readonly Parameter lambdaB, lambdaD;
    readonly SharedPart a, b;

    /// <summary>A VeRA of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="lambdaB">(out).</param>
    /// <param name="lambdaD">(rank).</param>
    /// <param name="a">The shared A, (rank, in or more).</param>
    /// <param name="b">The shared B, (out or more, rank).</param>
    /// <param name="options">How it was made.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public Vera(Target target, Tensor lambdaB, Tensor lambdaD, SharedPart a, SharedPart b, VeraOptions options) : base(Descriptor, target)
    {
        long rank = lambdaD.numel();
        Projections.Check(target, a.Value, b.Value, rank, rank);
        if (lambdaB.numel() != target.Out)
            throw new LowrankException($"VeRA's λb has {lambdaB.numel()} numbers, and {target} has {target.Out} outputs");
        Options = options with { Rank = (int)rank };
        this.lambdaB = Train("lambda_b", lambdaB, target.Out);
        this.lambdaD = Train("lambda_d", lambdaD, rank);
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
    protected override (Tensor Up, Tensor Down) Factors() => (
        lambdaB.unsqueeze(1) * Projections.Cut(b.Value, Target.Out, Options.Rank),
        lambdaD.unsqueeze(1) * Projections.Cut(a.Value, Options.Rank, Target.In));

    static Vera Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (VeraOptions)given;
        var (a, b) = Projections.Drawn(target, begin.Shared, options.Rank, options.Rank, options.ProjectionSeed);
        return new Vera(target, begin.Zeros(target.Out), begin.Full(options.InitialD, options.Rank), a, b, options);
    }

    static Vera Stored(Target target, StoredParts parts)
    {
        int rank = (int)parts["lambda_d"].numel();
        var options = parts.Options<VeraOptions>(Descriptor, rank);
        var (a, b) = Projections.StoredOrDrawn(target, parts, rank, rank, options.ProjectionSeed);
        return new Vera(target, parts["lambda_b"], parts["lambda_d"], a, b, options);
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["lambda_d"] is not [var rank]) return null;
        long? outputs = shapes.GetValueOrDefault("lambda_b") is [var rows] ? rows : null;
        return new PartFacts(rank, outputs, null, []);
    }

    /// <summary>VeRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "vera", "Kopiczko et al. 2024, arXiv 2310.11454",
        [
            new("lambda_b", "(out)"),
            new("lambda_d", "(rank)"),
            new("A", "(rank, largest in)", Required: false, IsShared: true),
            new("B", "(largest out, rank)", Required: false, IsShared: true),
        ],
        Fresh, Stored)
    {
        HasAlpha = false,
        Dropouts = new(DropoutStyle.Peft),
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as VeraOptions ?? new VeraOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<VeraOptions>(
                "projection_prng_key", "seed of the shared projections (0)",
                (o, n) => o with { ProjectionSeed = n }, o => o.ProjectionSeed),
            MethodArgument.Number<VeraOptions>(
                "d_initial", "λd at first (0.1)", (o, n) => o with { InitialD = n }, o => o.InitialD),
        ],
        Facts = Facts,
    };
}

/// <summary>How a VeRA is made.</summary>
public sealed record VeraOptions : MethodOptions
{
    /// <summary>With what every method is asked for; 256 is PEFT's rank.</summary>
    public VeraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Seed from which A and B are drawn.</summary>
    public int ProjectionSeed { get; init; }

    /// <summary>Every number of λd at first.</summary>
    public double InitialD { get; init; } = 0.1;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (!double.IsFinite(InitialD)) yield return $"d_initial {PlainValue.Text(InitialD)} is not a finite number";
    }
}

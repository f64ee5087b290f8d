namespace Lowrank.Adapters;

/// <summary>
/// RandLoRA: Δ = scale·Σᵢ Bᵢ·diag(λᵢ)·A·diag(γᵢ), a full-rank change from frozen
/// random bases that all targets share, cut to each one's size.
/// </summary>
/// <remarks>
/// scale = alpha/rank (PEFT's alpha is 640, twenty times its rank). As many bases as fill the smaller side: ⌈min(in, out)/rank⌉. A spans
/// the smaller side and B the larger; each has deviation 1.
/// λ is 0 and γ 1/(larger axis of γ) at first. Bases are uniform, or −1, 0, 1 ("sparse": 2/3 zeros; "very sparse": 1 − 1/√min).
/// Source: Albert et al. 2025, arXiv 2502.00987; PEFT 0.21.2.
/// </remarks>
sealed class RandLora : FactoredReparameterization
{
    readonly Parameter lambda, gamma;
    readonly SharedPart a, b;
    readonly Tensor alpha;
    readonly long rank, bases;

    /// <summary>A RandLoRA of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="lambda">(rank, bases).</param>
    /// <param name="gamma">(bases, min(in, out)).</param>
    /// <param name="a">The shared A, (rank, 1, smallest side or more).</param>
    /// <param name="b">The shared B, (largest side or more, bases or more, rank).</param>
    /// <param name="options">How it was made.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public RandLora(Target target, Tensor lambda, Tensor gamma, SharedPart a, SharedPart b, RandLoraOptions options)
        : base(Descriptor, target)
    {
        var (rank, bases) = lambda.dim() == 2 ? (lambda.shape[0], lambda.shape[1]) : (0, 0);
        bool trainedFit = lambda.dim() == 2 && gamma.shape.AsSpan().SequenceEqual([bases, Math.Min(target.In, target.Out)]);
        if (!trainedFit || !AreLargeEnough(target, a.Value.shape, b.Value.shape, rank, bases))
            throw new LowrankException(
                $"RandLoRA's parts λ {lambda.shape.Text()}, γ {gamma.shape.Text()}, " +
                $"A {a.Value.shape.Text()} and B {b.Value.shape.Text()} do not fit each other or {target}");
        (this.rank, this.bases) = (rank, bases);
        Options = options with { Rank = (int)rank };
        this.lambda = Train("lambda", lambda, lambda.shape);
        this.gamma = Train("gamma", gamma, gamma.shape);
        this.a = Hold("A", a);
        this.b = Hold("B", b);
        alpha = Keep("alpha", tensor((float)Options.StoredAlpha(rank), device: CPU));
    }

    static bool AreLargeEnough(Target target, long[] a, long[] b, long rank, long bases)
    {
        if (a is not [var rankA, 1, var smaller] || b is not [var larger, var basesB, var rankB]) return false;
        bool hold = rankA >= rank && rankB == rankA && basesB >= bases;
        return hold && smaller >= Math.Min(target.In, target.Out) && larger >= Math.Max(target.In, target.Out);
    }

    /// <summary>How it was made.</summary>
    public RandLoraOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts =>
        [("lambda", lambda), ("gamma", gamma), ("A", a.Value), ("B", b.Value), ("alpha", alpha)];

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors()
    {
        long min = Math.Min(Target.In, Target.Out), max = Math.Max(Target.In, Target.Out);
        var large = b.Value.narrow(0, 0, max).narrow(1, 0, bases).reshape(max, -1);   // (larger, bases·rank)
        // λ, A and γ run over (rank, bases), B over (bases, rank): PEFT multiplies the flattened two as they come, and so does this.
        var small = (lambda.unsqueeze(2) * a.Value.narrow(0, 0, rank).narrow(2, 0, min) * gamma.unsqueeze(0)).reshape(-1, min);
        double scale = Options.StoredAlpha(rank) / rank;
        return Target.In == min ? (large * scale, small) : (small.t() * scale, large.t());
    }

    static (SharedPart, SharedPart) Drawn(Target target, SharedParts shared, RandLoraOptions options)
    {
        long inputs = shared.Largest(target, t => t.In), outputs = shared.Largest(target, t => t.Out);
        long min = Math.Min(inputs, outputs), max = Math.Max(inputs, outputs), count = Count(min, options);
        using var generator = new Generator((ulong)options.ProjectionSeed);
        var begin = new Initialization(generator);
        // PEFT draws plain bases in half precision (bfloat16 where the machine has it), so another program's can only be had from its file.
        var a = shared.Get("A", () => Unit(OneIn(options, min) is { } many
            ? Signs(begin, many, options.Rank, 1, min)
            : begin.Kaiming(options.Rank, 1, min)));
        var b = shared.Get("B", () => Unit(OneIn(options, min) is { } many
            ? Signs(begin, many, max, count, options.Rank)
            : cat([.. Enumerable.Range(0, (int)count).Select(_ => begin.Kaiming(max, 1, options.Rank))], 1)));
        return (a, b);
    }

    // As many bases as fill the smaller side.
    static long Count(long min, RandLoraOptions options) => (min + options.Rank - 1) / options.Rank;

    // One entry in so many is −1 or 1; null where bases are uniform.
    static double? OneIn(RandLoraOptions options, long min)
    {
        if (options.VerySparse) return Math.Sqrt(min);
        return options.Sparse ? 3 : null;
    }

    static Tensor Unit(Tensor basis) => basis / basis.std();

    // −1, 0 and 1 of a uniform draw.
    static Tensor Signs(Initialization begin, double oneIn, params long[] shape)
    {
        var uniform = rand(shape, generator: begin.Generator, device: begin.Device);
        return (uniform > 1 - 1 / (2 * oneIn)).to(ScalarType.Float32) - (uniform < 1 / (2 * oneIn)).to(ScalarType.Float32);
    }

    static RandLora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (RandLoraOptions)given;
        long min = Math.Min(target.In, target.Out), count = Count(min, options);
        var (a, b) = Drawn(target, begin.Shared, options);
        var gamma = begin.Full(1.0 / Math.Max(count, min), count, min);
        return new RandLora(target, begin.Zeros(options.Rank, count), gamma, a, b, options);
    }

    static RandLora Stored(Target target, StoredParts parts)
    {
        int rank = (int)parts["lambda"].shape[0];
        var options = (RandLoraOptions)parts.Options<RandLoraOptions>(Descriptor, rank).OfFile(parts.Number("alpha"));
        if (parts.Find("A") is not { } a || parts.Find("B") is not { } b)
        {
            if (options is { Sparse: false, VerySparse: false })
                throw new LowrankException(
                    "RandLoRA's shared A and B are not in the file, and PEFT draws them in the half precision of the machine that " +
                    "trained: save them (save_projection)");
            var (drawnA, drawnB) = Drawn(target, parts.Begin.Shared, options);
            return new RandLora(target, parts["lambda"], parts["gamma"], drawnA, drawnB, options);
        }
        var shared = parts.Begin.Shared;
        return new RandLora(target, parts["lambda"], parts["gamma"], shared.Get("A", () => a), shared.Get("B", () => b), options);
    }

    /// <summary>RandLoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "randlora", "Albert et al. 2025, arXiv 2502.00987",
        [
            new("lambda", "(rank, bases)"),
            new("gamma", "(bases, min(in, out))"),
            new("alpha", "()", Required: false),
            new("A", "(rank, 1, smallest side)", Required: false, IsShared: true),
            new("B", "(largest side, bases, rank)", Required: false, IsShared: true),
        ],
        Fresh, Stored)
    {
        Dropouts = new(DropoutStyle.Peft),
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as RandLoraOptions ?? new RandLoraOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<RandLoraOptions>(
                "projection_prng_key", "seed of the shared bases (0)", (o, n) => o with { ProjectionSeed = n }, o => o.ProjectionSeed),
            MethodArgument.Switch<RandLoraOptions>(
                "sparse", "bases of -1, 0, 1, two thirds zeros (false)", (o, on) => o with { Sparse = on }, o => o.Sparse),
            MethodArgument.Switch<RandLoraOptions>(
                "very_sparse", "bases of -1, 0, 1, almost all zeros (false)", (o, on) => o with { VerySparse = on }, o => o.VerySparse),
        ],
        Facts = shapes => shapes["lambda"] is [var rank, _] ? new PartFacts(rank, null, null, []) : null,
    };
}

/// <summary>How a RandLoRA is made.</summary>
public sealed record RandLoraOptions : MethodOptions
{
    /// <summary>With what every method is asked for.</summary>
    public RandLoraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Seed of the shared bases.</summary>
    public int ProjectionSeed { get; init; }

    /// <summary>Whether bases are −1, 0 and 1, two thirds of them 0.</summary>
    public bool Sparse { get; init; }

    /// <summary>Whether all but 1/√(smallest side) of them are 0.</summary>
    public bool VerySparse { get; init; }
}

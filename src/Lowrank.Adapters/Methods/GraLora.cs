namespace Lowrank.Adapters;

/// <summary>
/// GraLoRA: the weight in k×k blocks, each with factors of rank/k of its own, and beside them, if asked for, one plain LoRA (hybrid).
/// </summary>
/// <remarks>
/// Block (j, n) is Σ_s B[j, n·q + s, ·]ᵀ·A[n, ·, j·q + s] with q = rank/k. scale =
/// alpha/(rank + hybrid). A uniform in ±1/√fan_in and B 0 at first.
/// Source: Jung et al. 2025, arXiv 2505.20355; PEFT 0.21.2.
/// </remarks>
sealed class GraLora : AdditiveReparameterization
{
    readonly Parameter a, b;
    readonly Parameter? generalA, generalB;
    readonly Tensor alpha;

    /// <summary>A GraLoRA of given factors.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="a">(k, in/k, rank).</param>
    /// <param name="b">(k, rank, out/k).</param>
    /// <param name="generalA">The plain LoRA's (hybrid, in), or null.</param>
    /// <param name="generalB">The plain LoRA's (out, hybrid), or null.</param>
    /// <param name="alpha">Numerator of the scale; null means the rank, and 0 switches the change off.</param>
    /// <exception cref="LowrankException">The factors do not fit the target or each other.</exception>
    public GraLora(Target target, Tensor a, Tensor b, Tensor? generalA = null, Tensor? generalB = null, double? alpha = null)
        : base(Descriptor, target)
    {
        var (k, rank) = a.dim() == 3 ? (a.shape[0], a.shape[2]) : (0, 0);
        long hybrid = generalA?.shape[0] ?? 0;
        if (!Fits(target, a.shape, b.shape) || !IsPair(target, generalA, generalB, hybrid))
            throw new LowrankException($"GraLoRA's factors {a.shape.Text()} and {b.shape.Text()} do not fit each other or {target}");
        Options = new GraLoraOptions(new MethodOptions((int)rank).OfFile(alpha)) { Blocks = (int)k, Hybrid = (int)hybrid };
        this.a = Train("A", a, a.shape);
        this.b = Train("B", b, b.shape);
        if (generalA is not null) this.generalA = Train("A_general", generalA, generalA.shape);
        if (generalB is not null) this.generalB = Train("B_general", generalB, generalB.shape);
        this.alpha = Keep("alpha", tensor((float)Options.StoredAlpha(rank), device: CPU));
    }

    static bool Fits(Target target, long[] a, long[] b)
    {
        if (a is not [var k, var inputs, var rank] || b is not [var kB, var rankB, var outputs]) return false;
        bool fitEachOther = k == kB && rank == rankB && rank % k == 0;
        return fitEachOther && k * inputs == target.In && k * outputs == target.Out;
    }

    // Whether the plain LoRA beside is there whole, or not at all.
    static bool IsPair(Target target, Tensor? a, Tensor? b, long hybrid)
    {
        if (a is null || b is null) return a is null && b is null;
        return a.numel() == hybrid * target.In && b.numel() == target.Out * hybrid;
    }

    /// <summary>How it was made.</summary>
    public GraLoraOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <summary>alpha/(rank + hybrid).</summary>
    public double Scale => Options.StoredAlpha(Options.Rank) / (Options.Rank + Options.Hybrid);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => generalA is null || generalB is null
        ? [("A", a), ("B", b), ("alpha", alpha)]
        : [("A", a), ("B", b), ("A_general", generalA), ("B_general", generalB), ("alpha", alpha)];

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        long k = Options.Blocks, q = Options.Rank / k;
        var left = b.to(weight.dtype).reshape(k, k, q, -1).transpose(2, 3);        // (j, n, out/k, q)
        var right = a.to(weight.dtype).reshape(k, -1, k, q).permute(2, 0, 3, 1);   // (j, n, q, in/k)
        var change = left.Multiply(right).permute(0, 2, 1, 3).reshape(Target.Out, Target.In);
        if (generalA is not null && generalB is not null)
            change = change + generalB.to(weight.dtype).Multiply(generalA.to(weight.dtype));
        return change * Scale;
    }

    static GraLora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (GraLoraOptions)given;
        long k = options.Blocks, rank = options.Rank;
        // PEFT draws A block by block as (rank, in/k) and turns it over.
        var a = stack([.. Enumerable.Range(0, (int)k).Select(_ => begin.Kaiming(rank, target.In / k))]).transpose(1, 2);
        bool hybrid = options.Hybrid > 0;
        var generalA = hybrid ? begin.Kaiming(options.Hybrid, target.In) : null;
        var generalB = hybrid ? begin.Zeros(target.Out, options.Hybrid) : null;
        return new GraLora(target, a, begin.Zeros(k, rank, target.Out / k), generalA, generalB, options.StoredAlpha(rank));
    }

    static GraLora Stored(Target target, StoredParts parts) => new(
        target, parts["A"], parts["B"], parts.Find("A_general"), parts.Find("B_general"), parts.Number("alpha"));

    static string? Refusal(Target target, MethodOptions given)
    {
        if (MethodDescriptor.LinearOnly(target) is { } reason) return reason;
        int k = ((GraLoraOptions)given).Blocks;
        // A rank of 0 asks about a file, whose blocks tell.
        bool fits = given.Rank <= 0 || target.In % k == 0 && target.Out % k == 0;
        return fits ? null : $"its {target.In} inputs and {target.Out} outputs do not part into {k}";
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["A"] is not [var k, var inputs, var rank]) return null;
        long? outputs = shapes.GetValueOrDefault("B") is [_, _, var ofBlock] ? k * ofBlock : null;
        return new PartFacts(rank, outputs, k * inputs, []);
    }

    /// <summary>GraLoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "gralora", "Jung et al. 2025, arXiv 2505.20355",
        [
            new("A", "(k, in/k, rank)"),
            new("B", "(k, rank, out/k)"),
            new("A_general", "(hybrid, in)", Required: false),
            new("B_general", "(out, hybrid)", Required: false),
            new("alpha", "()", Required: false),
        ],
        Fresh, Stored)
    {
        Dropouts = new(DropoutStyle.Peft),
        Refuses = Refusal,
        OwnOptions = shared => shared as GraLoraOptions ?? new GraLoraOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<GraLoraOptions>(
                "gralora_k", "blocks a side, a divisor of rank, inputs and outputs (2)", (o, n) => o with { Blocks = n }, o => o.Blocks),
            MethodArgument.Whole<GraLoraOptions>(
                "hybrid_r", "rank of the plain LoRA beside (0)", (o, n) => o with { Hybrid = n }, o => o.Hybrid),
        ],
        Facts = Facts,
    };
}

/// <summary>How a GraLoRA is made.</summary>
public sealed record GraLoraOptions : MethodOptions
{
    /// <summary>With what every method is asked for.</summary>
    public GraLoraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Blocks a side (k), a divisor of the rank.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Rank of the plain LoRA beside; 0 does without.</summary>
    public int Hybrid { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Blocks < 1 || Rank % Blocks != 0) yield return $"gralora_k {Blocks} is no divisor of the rank {Rank}";
        if (Hybrid < 0) yield return $"hybrid_r {Hybrid} is below 0";
    }
}

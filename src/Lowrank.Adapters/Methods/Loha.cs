namespace Lowrank.Adapters;

/// <summary>LoHa: W' = W + strength·scale·(w1a·w1b) ⊙ (w2a·w2b), whose rank reaches rank².</summary>
/// <remarks>
/// With cores (Tucker) each of the two products is Σ t[p, q, k]·wa[p, o]·wb[q, i], and wa is stored as (rank, out). Scale is alpha/rank,
/// once: LyCORIS's own merge has it twice. On a linear layer the change is a LoRA of rank², its factors the row-wise and column-wise
/// products of ours, and runs as one where that is the shorter road.
/// Initialisation: w1b, w2b normal, w1a and cores normal with deviation 0.1, w2a zero. Source: Hyeon-Woo
/// et al. 2021, arXiv 2108.06098; LyCORIS (arXiv 2309.14859).
/// </remarks>
sealed class Loha : AdditiveReparameterization
{
    readonly Parameter w1a, w1b, w2a, w2b;
    readonly Parameter? t1, t2;
    readonly Tensor alpha;

    /// <summary>A LoHa of given factors.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="w1a">(out, rank); beside a core (rank, out).</param>
    /// <param name="w1b">(rank, in·kernel); beside a core (rank, in).</param>
    /// <param name="w2a">As w1a.</param>
    /// <param name="w2b">As w1b.</param>
    /// <param name="t1">The first core (rank, rank, kernel...), or null.</param>
    /// <param name="t2">The second.</param>
    /// <param name="alpha">Numerator of the scale; null means the rank, and 0 switches the change off.</param>
    /// <exception cref="LowrankException">The factors do not fit the target or each other.</exception>
    public Loha(
        Target target, Tensor w1a, Tensor w1b, Tensor w2a, Tensor w2b, Tensor? t1 = null, Tensor? t2 = null, double? alpha = null)
        : base(Descriptor, target)
    {
        Check(target, w1a, w1b, t1, 1);
        Check(target, w2a, w2b, t2, 2);
        if (t1 is null != t2 is null) throw new LowrankException($"LoHa has one core of two, at {target}");
        Rank = (int)w1b.shape[0];
        Alpha = alpha ?? Rank;
        Options = (LohaOptions)new LohaOptions(Rank) { Tucker = t1 is not null }.OfFile(Alpha);
        (this.w1a, this.w1b) = (Train("w1a", w1a, w1a.shape), Train("w1b", w1b, w1b.shape[0], -1));
        (this.w2a, this.w2b) = (Train("w2a", w2a, w2a.shape), Train("w2b", w2b, w2b.shape[0], -1));
        if (t1 is not null) this.t1 = Train("t1", t1, t1.shape);
        if (t2 is not null) this.t2 = Train("t2", t2, t2.shape);
        this.alpha = Keep("alpha", tensor((float)Alpha, device: CPU));
    }

    /// <summary>Rank of each of the two products.</summary>
    public int Rank { get; }

    /// <summary>Numerator of the scale.</summary>
    public double Alpha { get; }

    /// <summary>alpha/rank.</summary>
    public double Scale => Alpha / Rank;

    /// <summary>How it was made; what a file does not tell stays at its default.</summary>
    public LohaOptions Options { get; init; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => t1 is null
        ? [("w1a", w1a), ("w1b", w1b), ("w2a", w2a), ("w2b", w2b), ("alpha", alpha)]
        : [("t1", t1), ("w1a", w1a), ("w1b", w1b), ("t2", t2!), ("w2a", w2a), ("w2b", w2b), ("alpha", alpha)];

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight) => Product(w1a, w1b, t1).mul(Product(w2a, w2b, t2)).mul(Scale).to(weight.dtype);

    static Tensor Product(Tensor a, Tensor b, Tensor? core) =>
        core is null ? a.Multiply(b) : a.t().Multiply(TuckerCore.Columns(core, b));

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        if (!RunsAsLinear(layer, x) || !IsThin) return base.Forward(x, layer, strength);
        long products = w1b.shape[0] * w2b.shape[0];
        var down = (w1b.unsqueeze(1) * w2b.unsqueeze(0)).reshape(products, -1);
        var up = (w1a.unsqueeze(2) * w2a.unsqueeze(1)).reshape(-1, products);
        var bias = BiasLike(layer, x);
        return LoraLinear.Run(x, Target.ToMatrix(layer.Weight.Dense()), bias, down, up, strength * Scale);
    }

    // Whether six products with rank² columns cost less than the one more of the weight's size which its gradient would take.
    bool IsThin => 3 * w1b.shape[0] * w2b.shape[0] * (Target.In + Target.Out) <= 2 * Target.In * Target.Out;

    static void Check(Target target, Tensor a, Tensor b, Tensor? core, int which)
    {
        bool matrices = a.dim() == 2 && b.dim() >= 2 && b.shape[0] > 0;
        bool fits = matrices && (core is null
            ? FitWhole(target, a.shape, b.shape[0], b.numel())
            : FitCore(target, a.shape, b.shape[0], b.numel(), core.shape));
        if (fits) return;
        string ofCore = core is null ? "" : $" and t{which} {core.shape.Text()}";
        throw new LowrankException(
            $"LoHa's factors w{which}a {a.shape.Text()}, w{which}b {b.shape.Text()}{ofCore} do not make a weight of {target}");
    }

    static bool FitWhole(Target target, long[] a, long rank, long ofB) =>
        a.AsSpan().SequenceEqual([target.Out, rank]) && ofB == rank * target.Columns;

    static bool FitCore(Target target, long[] a, long rank, long ofB, long[] core) =>
        a.AsSpan().SequenceEqual([core[0], target.Out])
        && ofB == rank * target.In
        && core.AsSpan().SequenceEqual([a[0], rank, .. target.Kernel]);

    static Loha Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (LohaOptions)given;
        long rank = options.Rank;
        bool core = options.Tucker && target.IsSpatial;
        long[] a = core ? [rank, target.Out] : [target.Out, rank];
        long[] b = [rank, core ? target.In : target.Columns];
        long[]? t = core ? [rank, rank, .. target.Kernel] : null;
        return options.Kaiming ? FreshKaiming(target, options, begin, a, b, t) : FreshNormal(target, options, begin, a, b, t);
    }

    // The order of the draws, cores first, is part of what a seed means.
    static Loha FreshKaiming(Target target, LohaOptions options, Initialization begin, long[] a, long[] b, long[]? core)
    {
        var (t1, t2) = core is null ? (null, null) : (begin.Kaiming(core), begin.Kaiming(core));
        var (w1a, w1b, w2a) = (begin.Kaiming(a), begin.Kaiming(b), begin.Kaiming(a));
        var w2b = options.LearnedScalar ? begin.Kaiming(b) : begin.Zeros(b);
        return new Loha(target, w1a, w1b, w2a, w2b, t1, t2, options.StoredAlpha(options.Rank)) { Options = options };
    }

    static Loha FreshNormal(Target target, LohaOptions options, Initialization begin, long[] a, long[] b, long[]? core)
    {
        var (t1, t2) = core is null ? (null, null) : (begin.Normal(0.1, core), begin.Normal(0.1, core));
        var (w1b, w1a, w2b) = (begin.Normal(1, b), begin.Normal(0.1, a), begin.Normal(1, b));
        var w2a = options.LearnedScalar ? begin.Normal(0.1, a) : begin.Zeros(a);
        return new Loha(target, w1a, w1b, w2a, w2b, t1, t2, options.StoredAlpha(options.Rank)) { Options = options };
    }

    static Loha Stored(Target target, StoredParts parts)
    {
        double? alpha = parts.HasConfig ? parts.Setting("alpha", 8) : parts.Number("alpha");
        var (t1, t2) = (parts.Find("t1"), parts.Find("t2"));
        return new Loha(target, parts["w1a"], parts["w1b"], parts["w2a"], parts["w2b"], t1, t2, alpha);
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["w1b"] is not [var rank, var columns, ..]) return null;
        var core = shapes.GetValueOrDefault("t1");
        // Beside a core w1a is (rank, out).
        long? outputs = shapes["w1a"] is [_, _] w1a ? w1a[core is null ? 0 : 1] : null;
        return new PartFacts(rank, outputs, columns, core is [_, _, .. var kernel] ? kernel : []);
    }

    /// <summary>LoHa in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "loha", "Hyeon-Woo et al. 2021, arXiv 2108.06098",
        [
            new("w1a", "(out, rank); with a core (rank, out)"),
            new("w1b", "(rank, in·kernel); with a core (rank, in)"),
            new("w2a", "as w1a"),
            new("w2b", "as w1b"),
            new("t1", "(rank, rank, kernel...)", Required: false),
            new("t2", "(rank, rank, kernel...)", Required: false),
            new("alpha", "()", Required: false),
        ],
        Fresh, Stored)
    {
        Module = new("loha"),
        OwnOptions = shared => shared as LohaOptions ?? new LohaOptions(shared),
        Arguments =
        [
            MethodArgument.Switch<LohaOptions>(
                "use_tucker", "cores of their own for convolutions with a kernel (false)",
                (o, on) => o with { Tucker = on }, o => o.Tucker),
            MethodArgument.Word<LohaOptions>(
                "init_weights", "how the factors begin: lycoris (normal, w2a zero) or peft (Kaiming, w2b zero)", ["lycoris", "peft"],
                (o, way) => o with { Kaiming = way == "peft" }),
        ],
        ScalarParts = _ => new HashSet<string> { "w1a" },
        Facts = Facts,
    };
}

/// <summary>How a LoHa is made.</summary>
public sealed record LohaOptions : MethodOptions
{
    /// <summary>Of a rank, 1 or more (at most 32 is advised: products reach rank²), and an alpha; null or 0 means the rank.</summary>
    public LohaOptions(int rank, double? alpha = null) : base(rank, alpha) { }

    /// <summary>With what every method is asked for.</summary>
    public LohaOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Whether a convolution with a kernel gets cores (Tucker, "CP"; PEFT's use_effective_conv2d).</summary>
    public bool Tucker { get; init; }

    /// <summary>Whether factors begin as in PEFT, uniform in ±1/√fan_in, and not normal, as in the paper and LyCORIS.</summary>
    public bool Kaiming { get; init; }
}

namespace Lowrank.Adapters;

/// <summary>LoKr: W' = W + strength·scale·w1 ⊗ w2, each factor whole or a low-rank product; w2 carries the kernel.</summary>
/// <remarks>
/// w1 (l, m) is the outer factor, w2 (k, n, kernel...) the inner one, l·k = out and m·n = in. A whole w2 of a core (Tucker)
/// is Σ t[p, q, ·]·w2a[p, k]·w2b[q, n]. Scale is alpha/rank, the rank told by w1b, else by w2b; where both factors are whole it is 1,
/// whatever alpha says (people pass huge ranks to get there). PEFT multiplies by alpha/r in any case.
/// Shapes are taken from the tensors, never guessed from a factor. Initialisation: w1 Kaiming, w2 (or w2b) zero.
/// Source: Edalati et al. 2022, arXiv 2212.10650; LyCORIS (arXiv 2309.14859).
/// </remarks>
sealed class Lokr : AdditiveReparameterization
{
    static readonly string[] factorNames = ["w1", "w1a", "w1b", "w2", "w2a", "w2b", "t2"];

    readonly Parameter? w1, w1a, w1b, w2, w2a, w2b, t2;
    readonly Tensor alpha;
    readonly double? givenScale;

    /// <summary>A LoKr of given factors.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="parts">w1 or w1a and w1b; w2, or w2a and w2b, with t2 or without.</param>
    /// <param name="alpha">Numerator of the scale; null means the rank, and 0 switches the change off.</param>
    /// <param name="scale">The scale where it does not follow from alpha; null where it does.</param>
    /// <exception cref="LowrankException">Factors are missing, or do not fit the target or each other.</exception>
    public Lokr(Target target, IReadOnlyDictionary<string, Tensor> parts, double? alpha = null, double? scale = null)
        : base(Descriptor, target)
    {
        Check(target, parts);
        Parameter? Own(string part) => parts.TryGetValue(part, out var value) ? Train(part, value, value.shape) : null;
        (w1, w1a, w1b, w2, w2a, w2b, t2) = (Own("w1"), Own("w1a"), Own("w1b"), Own("w2"), Own("w2a"), Own("w2b"), Own("t2"));
        long? rank = w1b?.shape[0] ?? w2b?.shape[0];
        Rank = (int)(rank ?? 1);
        Alpha = alpha ?? Rank;
        givenScale = scale ?? (rank is null ? 1 : null);
        this.alpha = Keep("alpha", tensor((float)Alpha, device: CPU));
        var shape = new LokrOptions(Rank) { FullMatrix = rank is null, DecomposeBoth = w1 is null, Tucker = t2 is not null };
        Options = (LokrOptions)shape.OfFile(Alpha);
    }

    /// <summary>Rank of the factors that are products; 1 where both are whole.</summary>
    public int Rank { get; }

    /// <summary>Numerator of the scale.</summary>
    public double Alpha { get; }

    /// <summary>alpha/rank, or 1 where both factors are whole.</summary>
    public double Scale => givenScale ?? Alpha / Rank;

    /// <summary>A scale that only PEFT has, of whole factors; 1 where alpha and rank tell it, or nothing does.</summary>
    internal double ScaleOfWhole => w1 is not null && w2 is not null ? Scale : 1;

    /// <summary>How it was made; what a file does not tell stays at its default.</summary>
    public LokrOptions Options { get; init; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts
    {
        get
        {
            Parameter?[] factors = [w1, w1a, w1b, w2, w2a, w2b, t2];
            var parts = new List<(string, Tensor)>();
            foreach (var (name, factor) in factorNames.Zip(factors))
                if (factor is not null) parts.Add((name, factor));
            return [.. parts, ("alpha", alpha)];
        }
    }

    /// <summary>w1, (l, m).</summary>
    public Tensor Outer() => w1 ?? w1a!.Multiply(w1b!);

    /// <summary>w2 as a matrix (k, n·kernel).</summary>
    public Tensor Inner() =>
        w2 is not null ? w2.reshape(w2.shape[0], -1)
        : t2 is null ? w2a!.Multiply(w2b!)
        : w2a!.t().Multiply(TuckerCore.Columns(t2, w2b!));

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var (outer, inner) = (Outer() * Scale, Inner());
        var product = outer.view(outer.shape[0], 1, outer.shape[1], 1) * inner.view(1, inner.shape[0], 1, inner.shape[1]);   // (l, k, m, n)
        return product.reshape(Target.Out, Target.Columns).to(weight.dtype);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        if (!RunsAsLinear(layer, x)) return base.Forward(x, layer, strength);
        var bias = BiasLike(layer, x);
        return KroneckerLinear.Run(x, Target.ToMatrix(layer.Weight.Dense()), bias, Outer(), Inner(), strength * Scale);
    }

    static void Check(Target target, IReadOnlyDictionary<string, Tensor> parts)
    {
        var (l, m) = OuterSize(parts);
        var (k, n) = InnerSize(target, parts);
        bool fits = l * m * k * n > 0 && l * k == target.Out && m * n == target.Columns;
        if (fits) return;
        var told = parts.Where(p => p.Key != "alpha").Select(p => $"{p.Key} {p.Value.shape.Text()}");
        throw new LowrankException($"LoKr's factors {string.Join(", ", told)} do not make a weight of {target}");
    }

    // (l, m) of w1; 0 where its factors do not fit each other.
    static (long Rows, long Columns) OuterSize(IReadOnlyDictionary<string, Tensor> parts)
    {
        long[]? Shape(string part) => parts.GetValueOrDefault(part)?.shape;
        return (Shape("w1"), Shape("w1a"), Shape("w1b")) switch
        {
            ([var rows, var columns], null, null) => (rows, columns),
            (null, [var rows, var rank], [var same, var columns]) when rank == same && rank > 0 => (rows, columns),
            _ => (0, 0),
        };
    }

    // (k, n·kernel) of w2; 0 where its factors do not fit each other.
    static (long Rows, long Columns) InnerSize(Target target, IReadOnlyDictionary<string, Tensor> parts)
    {
        long[]? Shape(string part) => parts.GetValueOrDefault(part)?.shape;
        bool IsCore(long[] core, long rankA, long rankB) => core.AsSpan().SequenceEqual([rankA, rankB, .. target.Kernel]);
        return (Shape("w2"), Shape("w2a"), Shape("w2b"), Shape("t2")) switch
        {
            ([var rows, ..] whole, null, null, null) => (rows, Product(whole) / Math.Max(1, rows)),
            (null, [var rows, var rank], [var same, var columns], null) when rank == same && rank > 0 => (rows, columns),
            (null, [var rankA, var rows], [var rankB, var columns], { } core) when IsCore(core, rankA, rankB) =>
                (rows, columns * Product(target.Kernel)),
            _ => (0, 0),
        };
    }

    static long Product(long[] axes) => axes.Aggregate(1L, (product, axis) => product * axis);

    static Lokr Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (LokrOptions)given;
        var ((l, k), (m, n)) = (Factorization.Of(target.Out, options.Factor), Factorization.Of(target.In, options.Factor));
        if (options.UnbalancedFactorization) (l, k) = (k, l);
        var parts = new Dictionary<string, Tensor>();
        AddInner(parts, target, options, begin, k, n);
        AddOuter(parts, options, begin, l, m);
        bool whole = parts.ContainsKey("w1") && parts.ContainsKey("w2");
        return new Lokr(target, parts, whole ? null : options.StoredAlpha(options.Rank)) { Options = options };
    }

    // w2 begins at zero, unless a learned scalar or w1 does.
    static void AddInner(Dictionary<string, Tensor> parts, Target target, LokrOptions options, Initialization begin, long k, long n)
    {
        long rank = options.Rank;
        bool random = options.LearnedScalar || options.ZeroOuter;
        Tensor Begun(params long[] shape) => random ? begin.Kaiming(shape) : begin.Zeros(shape);
        if (options.FullMatrix || 2 * rank >= Math.Max(k, n))
        {
            parts["w2"] = Begun([k, n, .. target.Kernel]);
        }
        else if (options.Tucker && target.IsSpatial)
        {
            parts["t2"] = begin.Kaiming([rank, rank, .. target.Kernel]);
            parts["w2a"] = begin.Kaiming(rank, k);
            parts["w2b"] = Begun(rank, n);
        }
        else
        {
            parts["w2a"] = begin.Kaiming(k, rank);
            parts["w2b"] = Begun(rank, n * (target.Columns / target.In));
        }
    }

    static void AddOuter(Dictionary<string, Tensor> parts, LokrOptions options, Initialization begin, long l, long m)
    {
        long rank = options.Rank;
        bool zero = options.ZeroOuter && !options.LearnedScalar;
        Tensor Begun(params long[] shape) => zero ? begin.Zeros(shape) : begin.Kaiming(shape);
        bool decomposes = options.DecomposeBoth && !options.FullMatrix && 2 * rank < Math.Max(l, m);
        if (!decomposes)
        {
            parts["w1"] = Begun(l, m);
            return;
        }
        parts["w1a"] = Begun(l, rank);
        parts["w1b"] = begin.Kaiming(rank, m);
    }

    static Lokr Stored(Target target, StoredParts parts)
    {
        var factors = parts.Values.Where(p => factorNames.Contains(p.Key)).ToDictionary();
        if (!parts.HasConfig) return new Lokr(target, factors, parts.Number("alpha"));
        double alpha = parts.Setting("alpha", 8);
        return new Lokr(target, factors, alpha, alpha / parts.Setting("r", 8));
    }

    static string? Refusal(Target target, MethodOptions given)
    {
        if (MethodDescriptor.MatrixOnly(target) is { } reason) return reason;
        if (given is not LokrOptions { Factor: 0 or < -1 } options) return null;
        return $"factor {options.Factor} is neither -1 (as near to a square as can be) nor 1 or more";
    }

    /// <summary>LoKr in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "lokr", "Edalati et al. 2022, arXiv 2212.10650",
        [
            new("w1", "(l, m), l·k = out and m·n = in", Required: false),
            new("w1a", "(l, rank)", Required: false),
            new("w1b", "(rank, m)", Required: false),
            new("w2", "(k, n, kernel...)", Required: false),
            new("w2a", "(k, rank); with a core (rank, k)", Required: false),
            new("w2b", "(rank, n·kernel); with a core (rank, n)", Required: false),
            new("t2", "(rank, rank, kernel...)", Required: false),
            new("alpha", "()", Required: false),
        ],
        Fresh, Stored)
    {
        Module = new("lokr"),
        OwnOptions = shared => shared as LokrOptions ?? new LokrOptions(shared),
        Refuses = Refusal,
        Arguments =
        [
            MethodArgument.Whole<LokrOptions>(
                "factor", "w1's size: a divisor of the channels, or a bound for one; -1 is as near to a square as can be (-1)",
                (o, factor) => o with { Factor = factor }, o => o.Factor),
            MethodArgument.Switch<LokrOptions>(
                "full_matrix", "both factors whole, whatever the rank (false)", (o, on) => o with { FullMatrix = on }, o => o.FullMatrix),
            MethodArgument.Switch<LokrOptions>(
                "decompose_both", "w1 a low-rank product too, where that is smaller (false)",
                (o, on) => o with { DecomposeBoth = on }, o => o.DecomposeBoth),
            MethodArgument.Switch<LokrOptions>(
                "unbalanced_factorization", "the larger factor of the outputs to w1 (false)",
                (o, on) => o with { UnbalancedFactorization = on }, o => o.UnbalancedFactorization),
            MethodArgument.Word<LokrOptions>(
                "init_weights", "what begins at zero: lycoris (in w2) or peft (w1)", ["lycoris", "peft"],
                (o, way) => o with { ZeroOuter = way == "peft" }),
            MethodArgument.Switch<LokrOptions>(
                "use_tucker", "a core for convolutions with a kernel (false)", (o, on) => o with { Tucker = on }, o => o.Tucker),
        ],
        Dropouts = new(DropoutStyle.Lycoris) { WithoutRanks = [DropoutStyle.LycorisBypass] },
        Factors = (parts, _) => [.. factorNames.Where(parts.Contains)],
        ScalarParts = parts => new HashSet<string> { parts.Contains("w1") ? "w1" : "w1a" },
        Facts = Facts,
    };

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        long[]? Of(string part) => shapes.GetValueOrDefault(part);
        var (l, m) = Of("w1") is [var rows, var columns]
            ? (rows, columns)
            : (Of("w1a")?.FirstOrDefault() ?? 0, Of("w1b")?.LastOrDefault() ?? 0);
        var (k, n, kernel) = (Of("w2"), Of("w2a"), Of("w2b"), Of("t2")) switch
        {
            ([var r, var c, .. var rest], _, _, _) => (r, c, rest),
            (_, [_, var r], [_, var c], [_, _, .. var rest]) => (r, c, rest),
            (_, [var r, _], [_, var c, ..], null) => (r, c, (long[])[]),
            _ => (0L, 0L, (long[])[]),
        };
        long rank = Of("w1b")?.FirstOrDefault() ?? Of("w2b")?.FirstOrDefault() ?? 0;
        return l * m * k * n == 0 ? null : new PartFacts(rank, l * k, m * n, kernel);
    }
}

/// <summary>How a LoKr is made.</summary>
public sealed record LokrOptions : MethodOptions
{
    /// <summary>Of a rank, 1 or more, and an alpha; null or 0 means the rank.</summary>
    public LokrOptions(int rank, double? alpha = null) : base(rank, alpha) { }

    /// <summary>With what every method is asked for.</summary>
    public LokrOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Size of w1: a divisor of the channels, or a bound for one; −1 is as near to a square as can be.</summary>
    public int Factor { get; init; } = -1;

    /// <summary>Whether both factors are whole, whatever the rank.</summary>
    public bool FullMatrix { get; init; }

    /// <summary>Whether w1 is a low-rank product too, where that is smaller.</summary>
    public bool DecomposeBoth { get; init; }

    /// <summary>Whether w1 gets the larger factor of the outputs.</summary>
    public bool UnbalancedFactorization { get; init; }

    /// <summary>Whether a convolution with a kernel gets a core.</summary>
    public bool Tucker { get; init; }

    /// <summary>Whether w1 begins at zero, as in PEFT, and not a factor of w2, as in LyCORIS.</summary>
    public bool ZeroOuter { get; init; }
}

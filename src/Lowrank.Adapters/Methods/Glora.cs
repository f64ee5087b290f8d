namespace Lowrank.Adapters;

/// <summary>GLoRA: W' = W + strength·scale·(W ∘ (a1·a2) + b1·b2), where ∘ contracts the input channels alone.</summary>
/// <remarks>
/// Old files have the roles swapped, Δ = b2·b1 + (W·a2)·a1; they are told by where the rank lies, and kept in today's
/// layout. Initialisation: a1 and b1 Kaiming, a2 and b2 zero.
/// Source: Chavan et al. 2023, arXiv 2306.07967; LyCORIS 4.1.3.
/// </remarks>
sealed class Glora : AdditiveReparameterization
{
    readonly Parameter a1, a2, b1, b2;
    readonly Parameter? core;
    readonly Tensor alpha;

    /// <summary>A GLoRA of given factors.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="a1">(in, rank).</param>
    /// <param name="a2">(rank, in).</param>
    /// <param name="b1">(out, rank).</param>
    /// <param name="b2">(rank, in, kernel...); beside a core (rank, in).</param>
    /// <param name="core">(rank, rank, kernel...), or null.</param>
    /// <param name="alpha">Numerator of the scale; null means the rank, and 0 switches the change off.</param>
    /// <exception cref="LowrankException">The factors do not fit the target or each other.</exception>
    public Glora(Target target, Tensor a1, Tensor a2, Tensor b1, Tensor b2, Tensor? core = null, double? alpha = null)
        : base(Descriptor, target)
    {
        long rank = a2.dim() > 1 ? a2.shape[0] : 0, rankB = b2.shape[0], columns = core is null ? target.Columns : target.In;
        bool fits = rank > 0 && a1.numel() == target.In * rank && a2.numel() == rank * target.In
            && b1.numel() == target.Out * rankB && b2.numel() == rankB * columns
            && (core is null || core.shape.AsSpan().SequenceEqual([rankB, rankB, .. target.Kernel]));
        if (!fits)
        {
            string ofCore = core is null ? "" : $", bm {core.shape.Text()}";
            throw new LowrankException(
                $"GLoRA's factors a1 {a1.shape.Text()}, a2 {a2.shape.Text()}, b1 {b1.shape.Text()}, b2 {b2.shape.Text()}{ofCore} " +
                $"do not make a weight of {target}");
        }
        Rank = (int)rank;
        Alpha = alpha ?? Rank;
        Options = new MethodOptions(Rank).OfFile(Alpha);
        long[] ones = [.. target.Kernel.Select(_ => 1L)];
        (this.a1, this.a2) = (Train("a1", a1, [target.In, rank, .. ones]), Train("a2", a2, [rank, target.In, .. ones]));
        this.b1 = Train("b1", b1, [target.Out, rankB, .. ones]);
        this.b2 = Train("b2", b2, [rankB, target.In, .. core is null ? target.Kernel : ones]);
        if (core is not null) this.core = Train("bm", core, core.shape);
        this.alpha = Keep("alpha", tensor((float)Alpha, device: CPU));
    }

    /// <summary>Rank of the factors.</summary>
    public int Rank { get; }

    /// <summary>Numerator of the scale.</summary>
    public double Alpha { get; }

    /// <summary>alpha/rank.</summary>
    public double Scale => Alpha / Rank;

    /// <summary>How it was made.</summary>
    public MethodOptions Options { get; init; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override bool NeedsWeight => true;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => core is null
        ? [("a1", a1), ("a2", a2), ("b1", b1), ("b2", b2), ("alpha", alpha)]
        : [("a1", a1), ("a2", a2), ("b1", b1), ("b2", b2), ("bm", core), ("alpha", alpha)];

    Tensor InputUp => a1.reshape(Target.In, Rank);

    Tensor InputDown => a2.reshape(Rank, Target.In);

    Tensor Up => b1.reshape(Target.Out, -1);

    Tensor Columns => core is null ? b2.reshape(b2.shape[0], -1) : TuckerCore.Columns(core, b2.reshape(b2.shape[0], -1));

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        // Kernel before channels, so that the product contracts the channels.
        var channels = weight.reshape(Target.Out, Target.In, -1).transpose(1, 2);
        var prompt = channels.Multiply(InputUp.to(weight.dtype)).Multiply(InputDown.to(weight.dtype));
        prompt = prompt.transpose(1, 2).reshape(weight.shape);
        return (prompt + Up.to(weight.dtype).Multiply(Columns.to(weight.dtype))) * Scale;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        if (!RunsAsLinear(layer, x)) return base.Forward(x, layer, strength);
        // W·A acts on the input before W does: the layer runs once, on x + s·A x.
        double scale = strength * Scale;
        var prompted = x + Through(x, InputDown, InputUp * scale);
        return layer.Run(prompted).add_(Through(x, Columns, Up * scale));
    }

    /// <inheritdoc/>
    internal override Tensor? Bypassed(Tensor x, IAdaptable layer, double strength, MethodOptions drops)
    {
        if (Target.Kind is not (LayerKind.Linear or LayerKind.TransposedLinear)) return null;
        double scale = strength * Scale;
        var ofInput = nn.functional.linear(x, InputDown.to(x.dtype)) * scale;
        var added = nn.functional.linear(x, Columns.to(x.dtype)) * scale;
        if (drops.RankDropout > 0)
        {
            // LyCORIS keeps here what it should drop; recipes are refused it.
            Tensor Kept()
            {
                var kept = (rand(Rank, device: x.device) < drops.RankDropout).to(x.dtype);
                return drops.RankDropoutScale ? kept / kept.mean() : kept;
            }
            (ofInput, added) = (ofInput * Kept(), added * Kept());
        }
        Tensor Drop(Tensor value) => drops.Dropout > 0 ? nn.functional.dropout(value, drops.Dropout, training: true) : value;
        var prompt = Drop(nn.functional.linear(ofInput, InputUp.to(x.dtype)));
        var weight = Target.FromMatrix(Wide(Target.ToMatrix(layer.Weight.Dense()))).to(x.dtype);
        return layer.Run(prompt, weight, null) + Drop(nn.functional.linear(added, Up.to(x.dtype)));
    }

    // x·downᵀ·upᵀ, in x's dtype.
    static Tensor Through(Tensor x, Tensor down, Tensor up) =>
        nn.functional.linear(nn.functional.linear(x, down.to(x.dtype)), up.to(x.dtype));

    static Glora Fresh(Target target, MethodOptions options, Initialization begin)
    {
        long rank = options.Rank;
        long[] ones = [.. target.Kernel.Select(_ => 1L)];
        // A learned scalar begins at 0 itself, so that all factors may be random beside it.
        Tensor Second(params long[] shape) => options.LearnedScalar ? begin.Kaiming(shape) : begin.Zeros(shape);
        var a1 = begin.Kaiming([target.In, rank, .. ones]);
        var a2 = Second([rank, target.In, .. ones]);
        var b1 = begin.Kaiming([target.Out, rank, .. ones]);
        var b2 = Second([rank, target.In, .. target.Kernel]);
        return new Glora(target, a1, a2, b1, b2, null, options.StoredAlpha(rank)) { Options = options };
    }

    static Glora Read(Target target, StoredParts parts)
    {
        var (a1, a2, b1, b2) = (parts["a1"], parts["a2"], parts["b1"], parts["b2"]);
        bool today = a1.shape[0] == target.In && RunsThrough(a1.shape[1], a2.shape[0], b1.shape[1], b2.shape[0]);
        bool old = a2.shape[0] == target.In && RunsThrough(a1.shape[0], a2.shape[1], b1.shape[0], b2.shape[1]);
        return !today && old
            ? new Glora(target, a2, a1, b2, b1, null, parts.Number("alpha"))
            : new Glora(target, a1, a2, b1, b2, parts.Find("bm"), parts.Number("alpha"));
    }

    // Whether one rank stands on the inner axes of all four factors.
    static bool RunsThrough(params long[] ranks) => ranks.Distinct().Count() == 1;

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["a2"] is not [var rank, var inputs, ..] || shapes["b1"] is not [var outputs, ..]) return null;
        return new PartFacts(rank, outputs, inputs, shapes["b2"] is [_, _, .. var kernel] ? kernel : []);
    }

    /// <summary>GLoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "glora", "Chavan et al. 2023, arXiv 2306.07967",
        [
            new("a1", "(in, rank, 1...)"),
            new("a2", "(rank, in, 1...)"),
            new("b1", "(out, rank, 1...)"),
            new("b2", "(rank, in, kernel...)"),
            new("bm", "(rank, rank, kernel...)", Required: false),
            new("alpha", "()", Required: false),
        ],
        Fresh, Read)
    {
        Module = new("glora"),
        Dropouts = new(DropoutStyle.Lycoris) { WithoutRanks = [DropoutStyle.Lycoris, DropoutStyle.LycorisBypass] },
        ScalarParts = _ => new HashSet<string> { "a2", "b2" },
        Facts = Facts,
    };
}

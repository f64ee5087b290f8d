namespace Lowrank.Adapters;

/// <summary>HiRA: Δ = W⊙(B·A), entry by entry, a change of high rank. There is no scale.</summary>
/// <remarks>
/// A uniform in ±1/√fan_in and B 0 at first; of an embedding A 0 and B normal.
/// Source: Huang et al. 2025, openreview TwJrTz9cRS; PEFT 0.21.2.
/// </remarks>
sealed class Hira : AdditiveReparameterization
{
    readonly Parameter a, b;

    /// <summary>A HiRA of given factors.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="a">(rank, in, kernel...).</param>
    /// <param name="b">(out, rank, 1...).</param>
    /// <exception cref="LowrankException">The factors do not fit the target or each other.</exception>
    public Hira(Target target, Tensor a, Tensor b) : base(Descriptor, target)
    {
        long rank = a.dim() > 0 ? a.shape[0] : 0;
        bool fits = rank > 0 && a.numel() == rank * target.Columns && b.numel() == target.Out * rank;
        if (!fits)
            throw new LowrankException($"HiRA's factors {a.shape.Text()} and {b.shape.Text()} do not fit {target}");
        Settings = new MethodOptions((int)rank);
        this.a = Train("A", a, [rank, target.In, .. target.Kernel]);
        this.b = Train("B", b, [target.Out, rank, .. target.Kernel.Select(_ => 1L)]);
    }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("A", a), ("B", b)];

    /// <inheritdoc/>
    public override bool NeedsWeight => true;

    /// <summary>What multiplies W less 1: B·A, (out, in·kernel).</summary>
    public Tensor Multiplier => b.reshape(Target.Out, -1).Multiply(a.reshape(a.shape[0], -1));

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight) => weight * Multiplier.to(weight.dtype);

    static Hira Fresh(Target target, MethodOptions options, Initialization begin)
    {
        long rank = options.Rank;
        return target.Kind == LayerKind.Embedding
            ? new Hira(target, begin.Zeros(rank, target.In), begin.Normal(1, target.Out, rank))
            : new Hira(target, begin.Kaiming([rank, target.In, .. target.Kernel]), begin.Zeros(target.Out, rank));
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["A"] is not [var rank, var inputs, .. var kernel]) return null;
        long? outputs = shapes.GetValueOrDefault("B") is [var rows, ..] ? rows : null;
        return new PartFacts(rank, outputs, inputs, kernel);
    }

    /// <summary>HiRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "hira", "Huang et al. 2025, openreview TwJrTz9cRS",
        [new("A", "(rank, in, kernel...)"), new("B", "(out, rank, 1...)")],
        Fresh,
        (target, parts) => new Hira(target, parts["A"], parts["B"]))
    {
        HasAlpha = false,
        Facts = Facts,
    };
}

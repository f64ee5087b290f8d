namespace Lowrank.Adapters;

/// <summary>The difference of a norm's scale and shift: w' = w + strength·w_norm, b' = b + strength·b_norm.</summary>
/// <remarks>Source: LyCORIS 4.1.3 (train_norm).</remarks>
sealed class NormDifference : AdditiveReparameterization
{
    readonly Parameter scale;
    readonly Parameter? shift;

    /// <summary>A difference of given values.</summary>
    /// <param name="target">A norm.</param>
    /// <param name="scale">(channels).</param>
    /// <param name="shift">(channels), or null.</param>
    /// <exception cref="LowrankException">They are not of the target's shape.</exception>
    public NormDifference(Target target, Tensor scale, Tensor? shift = null) : base(Descriptor, target)
    {
        bool fits = scale.numel() == target.Out && (shift is null || shift.numel() == target.Out);
        if (!fits)
        {
            string ofShift = shift is null ? "" : $" and {shift.numel()}";
            throw new LowrankException($"the difference has {scale.numel()}{ofShift} numbers, and {target} has {target.Out} channels");
        }
        this.scale = Train("w_norm", scale, target.Out);
        if (shift is not null) this.shift = Train("b_norm", shift, target.Out);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts =>
        shift is null ? [("w_norm", scale)] : [("w_norm", scale), ("b_norm", shift)];

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight) => scale.to(weight.dtype).reshape(weight.shape);

    /// <inheritdoc/>
    public override bool AdaptsBias => shift is not null;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength)
    {
        if (shift is null) return bias;
        return bias is null ? shift * strength : bias.add(shift.to(bias.dtype), strength);
    }

    /// <summary>Norms in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "norm", "LyCORIS, arXiv 2309.14859",
        [new("w_norm", "(channels)"), new("b_norm", "(channels)", Required: false)],
        (target, _, begin) => new NormDifference(
            target, begin.Zeros(target.Out), begin.Bias is not null ? begin.Zeros(target.Out) : null),
        (target, parts) => new NormDifference(target, parts["w_norm"], parts.Find("b_norm")))
    {
        HasRank = false,
        HasAlpha = false,
        Refuses = (target, _) => target.Kind == LayerKind.Norm ? null : "it adapts norms alone; method full adapts any layer",
        Facts = shapes => new PartFacts(0, shapes["w_norm"].FirstOrDefault(), null, []),
    };
}

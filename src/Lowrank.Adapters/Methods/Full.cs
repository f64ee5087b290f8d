namespace Lowrank.Adapters;

/// <summary>The whole difference: W' = W + strength·diff, b' = b + strength·diff_b. As large as what it adapts.</summary>
/// <remarks>Source: LyCORIS 4.1.3 (algo=full), whose files hold trained minus original.</remarks>
sealed class Full : AdditiveReparameterization
{
    readonly Parameter diff;
    readonly Parameter? bias;

    /// <summary>A difference of given values.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="diff">In the shape of the weight.</param>
    /// <param name="bias">(out), or null.</param>
    /// <exception cref="LowrankException">They are not of the target's shape.</exception>
    public Full(Target target, Tensor diff, Tensor? bias = null) : base(Descriptor, target)
    {
        bool fits = diff.numel() == target.Out * target.Columns && (bias is null || bias.numel() == target.Out);
        if (!fits)
        {
            string ofBias = bias is null ? "" : $" and {bias.shape.Text()}";
            throw new LowrankException($"the difference has shape {diff.shape.Text()}{ofBias}, and the weight is {target}");
        }
        this.diff = Train("diff", diff, target.WeightShape);
        if (bias is not null) this.bias = Train("diff_b", bias, target.Out);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts =>
        bias is null ? [("diff", diff)] : [("diff", diff), ("diff_b", bias)];

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight) => Target.ToMatrix(diff).to(weight.dtype);

    /// <inheritdoc/>
    public override bool AdaptsBias => bias is not null;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength)
    {
        if (this.bias is null) return bias;
        return bias is null ? this.bias * strength : bias.add(this.bias.to(bias.dtype), strength);
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["diff"] is not [var outputs, .. var rest]) return null;
        return new PartFacts(0, outputs, rest.FirstOrDefault(1), rest.Length > 1 ? rest[1..] : []);
    }

    /// <summary>The whole difference in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "full", "LyCORIS, arXiv 2309.14859",
        [new("diff", "(out, in, kernel...)"), new("diff_b", "(out)", Required: false)],
        (target, _, begin) => new Full(
            target, begin.Zeros(target.WeightShape), begin.Bias is not null ? begin.Zeros(target.Out) : null),
        (target, parts) => new Full(target, parts["diff"], parts.Find("diff_b")))
    {
        HasRank = false,
        HasAlpha = false,
        Module = new("full"),
        Refuses = (_, _) => null,
        Facts = Facts,
    };
}

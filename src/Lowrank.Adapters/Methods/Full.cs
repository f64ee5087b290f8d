namespace Lowrank.Adapters;

/// <summary>The whole difference: W' = W + strength·diff, b' = b + strength·diff_b. As large as what it adapts.</summary>
/// <remarks>Source: LyCORIS 4.1.3 (algo=full), whose files hold trained minus original.</remarks>
sealed class Full : AdditiveReparameterization
{
    readonly Parameter? diff, bias;

    /// <summary>A difference of given values.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="diff">In the shape of the weight; null leaves the weight as it is.</param>
    /// <param name="bias">(out); null leaves the bias as it is.</param>
    /// <exception cref="LowrankException">There is none of the two, or they are not of the target's shape.</exception>
    public Full(Target target, Tensor? diff, Tensor? bias = null) : base(Descriptor, target)
    {
        bool fits = (diff is not null || bias is not null)
            && (diff is null || diff.numel() == target.Out * target.Columns) && (bias is null || bias.numel() == target.Out);
        if (!fits)
        {
            string ofBias = bias is null ? "" : $" and {bias.shape.Text()}";
            throw new LowrankException($"the difference has shape {(diff?.shape ?? []).Text()}{ofBias}, and the weight is {target}");
        }
        if (diff is not null) this.diff = Train("diff", diff, target.WeightShape);
        if (bias is not null) this.bias = Train("diff_b", bias, target.Out);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts
    {
        get
        {
            var parts = new List<(string, Tensor)>();
            if (diff is not null) parts.Add(("diff", diff));
            if (bias is not null) parts.Add(("diff_b", bias));
            return parts;
        }
    }

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight) => diff is null ? zeros_like(weight) : Target.ToMatrix(diff).to(weight.dtype);

    internal override bool AdaptsWeight => diff is not null;

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
        if (shapes.GetValueOrDefault("diff") is not [var outputs, .. var rest])
            return shapes.GetValueOrDefault("diff_b") is [var biases] ? new PartFacts(0, biases, null, []) : null;
        return new PartFacts(0, outputs, rest.FirstOrDefault(1), rest.Length > 1 ? rest[1..] : []);
    }

    /// <summary>The whole difference in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "full", "LyCORIS, arXiv 2309.14859",
        [new("diff", "(out, in, kernel...)", Required: false), new("diff_b", "(out)", Required: false)],
        (target, _, begin) => new Full(
            target, begin.Zeros(target.WeightShape), begin.Bias is not null ? begin.Zeros(target.Out) : null),
        (target, parts) => new Full(target, parts.Find("diff"), parts.Find("diff_b")))
    {
        HasRank = false,
        HasAlpha = false,
        Module = new("full"),
        Refuses = (_, _) => null,
        Facts = Facts,
    };
}

namespace Lowrank.Adapters;

/// <summary>BEFT: only biases are trained, b' = b + strength·v; the weight stays.</summary>
/// <remarks>
/// v is 0 at first. A layer without a bias gets one while attached; nothing can be merged into it. Source: arXiv 2509.15974; PEFT 0.21.2.
/// </remarks>
sealed class Beft : Reparameterization
{
    readonly Parameter value;

    /// <summary>A given change of the bias.</summary>
    /// <param name="target">Whose bias is adapted.</param>
    /// <param name="value">(1, out).</param>
    /// <exception cref="LowrankException">It is no number for each output.</exception>
    public Beft(Target target, Tensor value) : base(Descriptor, target)
    {
        if (value.numel() != target.Out)
            throw new LowrankException($"BEFT's bias has {value.numel()} numbers, and {target} has {target.Out} outputs");
        this.value = Train("bias_change", value, 1, target.Out);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("bias_change", value)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength) => weight;

    internal override bool AdaptsWeight => false;

    /// <inheritdoc/>
    public override bool AdaptsBias => true;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength)
    {
        if (strength == 0) return bias;
        var change = value.reshape(-1) * strength;
        return bias is null ? change : bias + change.to(bias.dtype);
    }

    /// <summary>BEFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "beft", "arXiv 2509.15974",
        [new("bias_change", "(1, out)")],
        (target, _, begin) => new Beft(target, begin.Zeros(1, target.Out)),
        (target, parts) => new Beft(target, parts["bias_change"]))
    {
        HasRank = false,
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        Facts = shapes => shapes["bias_change"] is [_, var outputs] ? new PartFacts(0, outputs, null, []) : null,
    };
}

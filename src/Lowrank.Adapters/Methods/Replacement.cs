namespace Lowrank.Adapters;

/// <summary>
/// A whole trained weight, or bias, in the place of the layer's own: W' = W + strength·(V − W). PEFT's LN tuning and modules_to_save.
/// </summary>
/// <remarks>
/// Unlike the method full it holds what replaces, not the difference; V is W at first. Source:
/// Zhao et al. 2023, arXiv 2312.11420 (norms); PEFT 0.21.2.
/// </remarks>
public sealed class Replacement : Reparameterization
{
    readonly Parameter? bias;
    Parameter? weight;
    Replacement? original;

    /// <summary>A replacement of weight, bias or both.</summary>
    /// <param name="method">Which of the two methods it is.</param>
    /// <param name="target">What is adapted.</param>
    /// <param name="weight">As the layer stores it; null leaves the layer's own.</param>
    /// <param name="bias">(out); null leaves the layer's own.</param>
    /// <exception cref="LowrankException">A part has another size than the layer's.</exception>
    public Replacement(MethodDescriptor method, Target target, Tensor? weight, Tensor? bias) : base(method, target)
    {
        bool fits = (weight is not null || bias is not null)
            && (weight is null || weight.shape.AsSpan().SequenceEqual(target.WeightShape))
            && (bias is null || bias.numel() == target.Out);
        if (!fits)
            throw new LowrankException(
                $"what replaces weight and bias of {target} has shapes {(weight?.shape ?? []).Text()} and {(bias?.shape ?? []).Text()}");
        if (weight is not null) this.weight = Train("weight", weight, target.WeightShape);
        if (bias is not null) this.bias = Train("bias", bias, target.Out);
    }

    /// <summary>Has the very weight of another from now on, where both hold the same: what trains one trains the other.</summary>
    /// <returns>Whether they do.</returns>
    internal bool TryShare(Replacement other)
    {
        using var scope = NewDisposeScope();
        if (weight is null || other.weight is not { } shared || !weight.shape.AsSpan().SequenceEqual(shared.shape)) return false;
        if (!weight.eq(shared).all().ToBoolean()) return false;
        weight.Dispose();
        weight = shared;
        original = other;
        ConditionallyRegisterParameter("weight", shared);
        return true;
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        if (original is null) base._toEpilog(dtype, device, non_blocking);
        else if (original.weight is { } moved && !ReferenceEquals(weight, moved)) ConditionallyRegisterParameter("weight", weight = moved);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts
    {
        get
        {
            var parts = new List<(string, Tensor)>();
            if (weight is not null) parts.Add(("weight", weight));
            if (bias is not null) parts.Add(("bias", bias));
            return parts;
        }
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength) =>
        strength == 0 || this.weight is null ? weight : Between(weight, Target.ToMatrix(this.weight).to(weight.dtype), strength);

    internal override bool AdaptsWeight => weight is not null;

    /// <inheritdoc/>
    public override bool AdaptsBias => bias is not null;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength)
    {
        if (strength == 0 || this.bias is null) return bias;
        return bias is null ? this.bias * strength : Between(bias, this.bias.to(bias.dtype), strength);
    }

    Tensor Between(Tensor own, Tensor other, double strength) =>
        strength == 1 || StrengthRule == StrengthRule.Peft ? other.alias() : own + (other - own) * strength;

    static Replacement Fresh(MethodDescriptor method, Target target, Initialization begin) =>
        new(method, target, target.FromMatrix(begin.Weight), begin.Bias);

    static Replacement Stored(MethodDescriptor method, Target target, StoredParts parts) =>
        new(method, target, parts.Find("weight"), parts.Find("bias"));

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        var (weight, bias) = (shapes.GetValueOrDefault("weight"), shapes.GetValueOrDefault("bias"));
        return new PartFacts(0, (bias ?? weight)?[0], weight is [_, var inputs, ..] ? inputs : null, []);
    }

    /// <summary>LN tuning in the list of methods.</summary>
    public static MethodDescriptor NormDescriptor { get; } = new(
        "ln-tuning", "Zhao et al. 2023, arXiv 2312.11420",
        [new("weight", "(channels)"), new("bias", "(channels)", Required: false)],
        (target, _, begin) => Fresh(NormDescriptor!, target, begin),
        (target, parts) => Stored(NormDescriptor!, target, parts))
    {
        HasRank = false,
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        Refuses = (target, _) => target.Kind == LayerKind.Norm ? null : "it adapts norms alone",
        Facts = Facts,
    };

    /// <summary>The replacement of any layer in the list of methods: what PEFT calls modules_to_save.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "whole", "PEFT 0.21.2, modules_to_save",
        [new("weight", "as the layer's", Required: false), new("bias", "(out)", Required: false)],
        (target, _, begin) => Fresh(Descriptor!, target, begin),
        (target, parts) => Stored(Descriptor!, target, parts))
    {
        HasRank = false,
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        Refuses = (_, _) => null,
        Facts = Facts,
    };
}

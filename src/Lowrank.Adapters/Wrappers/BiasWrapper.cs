namespace Lowrank.Adapters;

/// <summary>What gives the layer's bias something beside any method: a number for each output.</summary>
abstract class BiasWrapper : Wrapper<Reparameterization>
{
    readonly string part, what;
    readonly Parameter value;

    /// <summary>Around <paramref name="inner"/>, which is taken over.</summary>
    /// <param name="inner">What adapts the weight.</param>
    /// <param name="part">The part's name.</param>
    /// <param name="value">The numbers (out).</param>
    /// <param name="what">What they are, for errors: "a trained bias".</param>
    /// <exception cref="LowrankException">It is no number for each output.</exception>
    private protected BiasWrapper(Reparameterization inner, string part, Tensor value, string what) : base(inner)
    {
        if (value.numel() != Target.Out)
            throw new LowrankException($"{what} has {value.numel()} numbers, and {Target} has {Target.Out} outputs");
        (this.part, this.what) = (part, what);
        this.value = Train(part, value, Target.Out);
    }

    /// <summary>What the bias gets.</summary>
    /// <param name="value">The trained numbers.</param>
    /// <param name="bias">The layer's own, float32 or wider; null where it has none.</param>
    /// <param name="strength">The user's multiplier, not 0.</param>
    private protected abstract Tensor Change(Parameter value, Tensor? bias, double strength);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [.. Inner.Parts, (part, value)];

    /// <inheritdoc/>
    public override bool AdaptsBias => true;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength) => Added(bias, Inner.ApplyBias(bias, strength), strength);

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, Tensor weight, double strength) =>
        Added(bias, Inner.ApplyBias(bias, weight, strength), strength);

    Tensor? Added(Tensor? bias, Tensor? adapted, double strength)
    {
        if (strength == 0) return adapted;
        var change = Change(value, bias, strength);
        return adapted is null ? change : adapted + change.to(adapted.dtype);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        if (!Inner.DropsBeside) return base.Forward(x, layer, strength);
        // Built into a weight, the dropout would be lost.
        return Inner.Forward(x, layer, strength) + AlongOutputs(layer, strength);
    }

    /// <inheritdoc/>
    public override bool HasBranch => Inner.DropsBeside && Inner.HasBranch;

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength) =>
        Inner.Branch(x, layer, strength) + AlongOutputs(layer, strength);

    // What the bias gets, as the layer's answer is laid out.
    Tensor AlongOutputs(IAdaptable layer, double strength)
    {
        if (Inner.AdaptsBias)
            throw new LowrankException($"the dropout of {Method.Name} cannot act beside {what}, since the method adapts the bias too, at " +
                $"{Target}. Leave out the dropout or {what}.");
        var bias = layer.Bias is { } own ? Wide(own) : null;
        var change = strength == 0 ? zeros([Target.Out], device: value.device) : Change(value, bias, strength);
        return change.to(layer.Weight.Dtype).reshape([Target.Out, .. Target.Kernel.Select(_ => 1L)]);
    }
}

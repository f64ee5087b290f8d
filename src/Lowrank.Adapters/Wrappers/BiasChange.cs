namespace Lowrank.Adapters;

/// <summary>A change of the layer's bias beside any method, as large as it stands in the file: b' = b + strength·diff_b.</summary>
/// <remarks>No alpha scales it. Source: comfyanonymous/ComfyUI comfy/lora.py at a125cd8 (<c>.diff_b</c>).</remarks>
sealed class BiasChange : Wrapper<Reparameterization>
{
    /// <summary>The part's name.</summary>
    internal const string Part = "diff_b";

    readonly Parameter change;

    /// <summary>Around <paramref name="inner"/>, which is taken over.</summary>
    /// <param name="inner">What adapts the weight.</param>
    /// <param name="change">What is added to the bias (out).</param>
    /// <exception cref="LowrankException">It is no number for each output.</exception>
    public BiasChange(Reparameterization inner, Tensor change) : base(inner)
    {
        if (change.numel() != Target.Out)
            throw new LowrankException($"a change of the bias has {change.numel()} numbers, and {Target} has {Target.Out} outputs");
        this.change = Train(Part, change, Target.Out);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [.. Inner.Parts, (Part, change)];

    /// <inheritdoc/>
    public override bool AdaptsBias => true;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength) => Added(Inner.ApplyBias(bias, strength), strength);

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, Tensor weight, double strength) =>
        Added(Inner.ApplyBias(bias, weight, strength), strength);

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
            throw new LowrankException($"the dropout of {Method.Name} cannot act beside a change of the bias, since the method adapts " +
                $"the bias too, at {Target}. Leave out the dropout or the change of the bias.");
        return (change * strength).to(layer.Weight.Dtype).reshape([Target.Out, .. Target.Kernel.Select(_ => 1L)]);
    }

    Tensor? Added(Tensor? adapted, double strength)
    {
        if (strength == 0) return adapted;
        return adapted is null ? change * strength : adapted.add(change.to(adapted.dtype), strength);
    }
}

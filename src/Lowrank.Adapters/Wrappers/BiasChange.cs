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

    Tensor? Added(Tensor? adapted, double strength)
    {
        if (strength == 0) return adapted;
        return adapted is null ? change * strength : adapted.add(change.to(adapted.dtype), strength);
    }
}

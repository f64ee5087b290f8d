namespace Lowrank.Adapters;

/// <summary>A trained bias beside any method: either whole, in the place of the layer's own, or added to it with LoRA's scale.</summary>
/// <remarks>Source: PEFT 0.21.2, bias="lora_only" or "all" (whole), and lora_bias (added: the bias of B).</remarks>
sealed class TrainedBias : Wrapper<Reparameterization>
{
    readonly Parameter value;
    readonly double scale;

    /// <summary>Around <paramref name="inner"/>, which is taken over.</summary>
    /// <param name="inner">What adapts the weight.</param>
    /// <param name="value">The bias (out).</param>
    /// <param name="scale">Its scale where it is added; null where it takes the place of the layer's own.</param>
    /// <exception cref="LowrankException">It is no number for each output.</exception>
    public TrainedBias(Reparameterization inner, Tensor value, double? scale = null) : base(inner)
    {
        if (value.numel() != Target.Out)
            throw new LowrankException($"a trained bias has {value.numel()} numbers, and {Target} has {Target.Out} outputs");
        IsWhole = scale is null;
        this.scale = scale ?? 1;
        this.value = Train(Name(IsWhole), value, Target.Out);
    }

    /// <summary>The part's name where it is whole, and where it is added.</summary>
    internal const string Part = "bias", AddedPart = "up_bias";

    static string Name(bool whole) => whole ? Part : AddedPart;

    /// <summary>Whether it takes the place of the layer's own.</summary>
    public bool IsWhole { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [.. Inner.Parts, (Name(IsWhole), value)];

    /// <inheritdoc/>
    public override bool AdaptsBias => true;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength) => Added(bias, Inner.ApplyBias(bias, strength), strength);

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, Tensor weight, double strength) =>
        Added(bias, Inner.ApplyBias(bias, weight, strength), strength);

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
            throw new LowrankException($"the dropout of {Method.Name} cannot act beside a trained bias, since the method adapts the bias " +
                $"too, at {Target}. Leave out the dropout or the trained bias.");
        var bias = layer.Bias is { } own ? Wide(own) : null;
        var change = Added(bias, bias, strength) is not { } adapted ? zeros([Target.Out], device: value.device)
            : bias is null ? adapted : adapted - bias;
        return change.to(layer.Weight.Dtype).reshape([Target.Out, .. Target.Kernel.Select(_ => 1L)]);
    }

    Tensor? Added(Tensor? bias, Tensor? adapted, double strength)
    {
        if (strength == 0) return adapted;
        var change = (IsWhole && bias is not null ? value.to(bias.dtype) - bias : value) * (strength * scale);
        return adapted is null ? change : adapted + change.to(adapted.dtype);
    }
}

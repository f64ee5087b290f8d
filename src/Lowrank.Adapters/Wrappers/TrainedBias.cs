namespace Lowrank.Adapters;

/// <summary>A trained bias beside any method: either whole, in the place of the layer's own, or added to it with LoRA's scale.</summary>
/// <remarks>Source: PEFT 0.21.2, bias="lora_only" or "all" (whole), and lora_bias (added: the bias of B).</remarks>
/// <param name="inner">What adapts the weight; it is taken over.</param>
/// <param name="value">The bias (out).</param>
/// <param name="scale">Its scale where it is added; null where it takes the place of the layer's own.</param>
sealed class TrainedBias(Reparameterization inner, Tensor value, double? scale = null)
    : BiasWrapper(inner, scale is null ? Part : AddedPart, value, "a trained bias")
{
    readonly double factor = scale ?? 1;

    /// <summary>The part's name where it is whole, and where it is added.</summary>
    internal const string Part = "bias", AddedPart = "up_bias";

    /// <summary>Whether it takes the place of the layer's own.</summary>
    public bool IsWhole { get; } = scale is null;

    private protected override Tensor Change(Parameter value, Tensor? bias, double strength)
    {
        bool isThere = IsWhole && StrengthRule == StrengthRule.Peft;
        var change = IsWhole && bias is not null ? value.to(bias.dtype) - bias : value;
        return change * (isThere ? 1 : strength * factor);
    }
}

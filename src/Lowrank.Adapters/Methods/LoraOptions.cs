namespace Lowrank.Adapters;

/// <summary>How a LoRA is made.</summary>
public sealed record LoraOptions : MethodOptions
{
    /// <summary>Of a rank, 1 or more, and an alpha; null or 0 means the rank.</summary>
    public LoraOptions(int rank, double? alpha = null) : base(rank, alpha) { }

    /// <summary>With what every method is asked for.</summary>
    public LoraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Whether a convolution with a kernel gets a core of its own between two pointwise factors (Tucker, "CP").</summary>
    public bool Tucker { get; init; }

    /// <summary>Whether up has a trained bias, which is added with LoRA's scale (PEFT's lora_bias).</summary>
    public bool Bias { get; init; }
}

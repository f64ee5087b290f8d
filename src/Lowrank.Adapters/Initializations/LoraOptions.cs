namespace Lowrank;

/// <summary>How a LoRA is made.</summary>
public sealed record LoraOptions : MethodOptions
{
    /// <summary>Of a rank, 1 or more, and an alpha; null or 0 means the rank.</summary>
    public LoraOptions(int rank, double? alpha = null) : base(rank, alpha) { }

    /// <summary>With what every method is asked for.</summary>
    public LoraOptions(MethodOptions shared) : base(shared ?? throw new ArgumentNullException(nameof(shared))) { }

    /// <summary>Whether a convolution with a kernel gets a core of its own between two pointwise factors (Tucker, "CP").</summary>
    public bool Tucker { get; init; }

    /// <summary>How the factors begin: a name of <see cref="LoraInitializations"/>.</summary>
    public string Init { get; init; } = "kaiming";

    /// <summary>Whether up has a trained bias, which is added with LoRA's scale (PEFT's lora_bias).</summary>
    public bool Bias { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        string? unknown = null;
        try
        {
            LoraInitializations.Named(Init);
        }
        catch (LowrankException error)
        {
            unknown = error.Message;
        }
        if (unknown is not null) yield return unknown;
    }
}

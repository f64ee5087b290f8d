namespace Lowrank.Adapters;

/// <summary>A way in which a LoRA's factors begin.</summary>
/// <param name="Name">Its name, as PEFT's init_lora_weights or the paper has it.</param>
/// <param name="Meaning">What it does, in a line, and where it is from.</param>
/// <param name="Make">The factors for a target.</param>
public sealed record LoraInitialization(string Name, string Meaning, Func<Target, LoraOptions, Initialization, LoraFactors> Make)
{
    /// <summary>
    /// Whether the product at first is not zero, and is taken off again: the change is scale·(BA − B₀A₀). PEFT takes it off the base
    /// instead.
    /// </summary>
    public bool TakesStartOff { get; init; }

    /// <summary>Whether it reads what the layer is asked: <see cref="Initialization.Inputs"/>.</summary>
    public bool NeedsInputs { get; init; }

    /// <summary>Why it cannot begin at a target, as the end of a sentence; null where it can.</summary>
    public Func<Target, LoraOptions, string?> Refuses { get; init; } = static (_, _) => null;
}

namespace Lowrank.Training;

/// <summary>How a language model is asked in training.</summary>
public sealed record LanguageTrainingOptions
{
    /// <summary>Seed of dropouts and noise.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>Where batches are learnt; null for where they were made.</summary>
    public Device? Device { get; init; }

    /// <summary>Batches in an optimizer step, 1 or more. Default 1.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Whether every token of a step weighs the same, in whichever of its batches it stands; else every batch does. Default
    /// true.</summary>
    public bool WeighsTokens { get; init; } = true;

    /// <summary>What logits are divided by, above 0: that of the answers where the model learns from its own. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Size of the noise on tokens' vectors (<see cref="Neftune"/>); 0, the default, adds none.</summary>
    public double NeftuneAlpha { get; init; }
}

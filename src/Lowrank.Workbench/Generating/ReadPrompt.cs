namespace Lowrank.Workbench;

/// <summary>A prompt as it is drawn with one seed.</summary>
/// <param name="Text">What is encoded: choices made, tags taken out.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Adapters">The adapters that its tags name, in order.</param>
sealed record ReadPrompt(string Text, long Seed, IReadOnlyList<TaggedAdapter> Adapters)
{
    /// <summary>The same with its tags where they stand.</summary>
    public required string Tagged { get; init; }

    /// <summary>What is said against it: comments taken out, choices made; null for nothing.</summary>
    public string? Negative { get; init; }

    /// <summary>What is said in a second pass; null for the same.</summary>
    public ReadPrompt? Second { get; init; }

    /// <summary>Which of the prompt's pictures it is, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>The options with what is said against it, and in its second pass.</summary>
    public GenerateOptions In(GenerateOptions options) => options with
    {
        NegativePrompt = Negative,
        Hires = options.Hires is { } hires ? hires with { Prompt = Second?.Text } : null,
    };

    /// <summary>Whether another is drawn with the same adapters, the same against it, and the same in its second pass.</summary>
    public bool SharesRest(ReadPrompt other) =>
        Adapters.SequenceEqual(other.Adapters) && Negative == other.Negative && Second?.Tagged == other.Second?.Tagged;
}

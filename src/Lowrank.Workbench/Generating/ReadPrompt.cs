namespace Lowrank.Workbench;

/// <summary>A prompt as it is drawn with one seed.</summary>
/// <param name="Text">What is encoded: choices made, tags taken out.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Adapters">The adapters that its tags name, in order.</param>
sealed record ReadPrompt(string Text, long Seed, IReadOnlyList<TaggedAdapter> Adapters)
{
    /// <summary>The same with its tags where they stand.</summary>
    public required string Tagged { get; init; }

    /// <summary>Which of the prompt's pictures it is, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Whether another is drawn with the same adapters.</summary>
    public bool SharesAdapters(ReadPrompt other) => Adapters.SequenceEqual(other.Adapters);
}

namespace Lowrank.Language;

/// <summary>A prompt, and how it is gone on with.</summary>
/// <param name="Prompt">The prompt's tokens, one at least.</param>
/// <param name="Options">How the text is written.</param>
public sealed record GenerationRequest(IReadOnlyList<int> Prompt, GenerationOptions Options)
{
    /// <summary>What was read of an earlier text, and is kept of this one; null reads all and keeps nothing. Such a text is written by
    /// itself, and not searched for by beams.</summary>
    public PromptCache? Cache { get; init; }
}

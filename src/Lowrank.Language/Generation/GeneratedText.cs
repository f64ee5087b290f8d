namespace Lowrank.Language;

/// <summary>A text that a model wrote.</summary>
/// <param name="Text">The text, without prompt, end token and stop string.</param>
/// <param name="Ids">The tokens that were written, an end token among them.</param>
/// <param name="Finish">Why it ended.</param>
public sealed record GeneratedText(string Text, IReadOnlyList<int> Ids, FinishReason Finish)
{
    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; init; }

    /// <summary>How many of these a <see cref="PromptCache"/> held, so that they were not read again.</summary>
    public int CachedTokens { get; init; }

    /// <summary>The stop string that ended it; null for none.</summary>
    public string? Stop { get; init; }

    /// <summary>The seed of its draws; null where none were made.</summary>
    public long? Seed { get; init; }

    /// <summary>Of a search by beams, the score; else null.</summary>
    public double? Score { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

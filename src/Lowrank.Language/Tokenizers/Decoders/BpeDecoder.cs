namespace Lowrank.Language;

/// <summary>The end of a word to a space, at the end of the text to nothing.</summary>
sealed class BpeDecoder(string suffix) : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        if (suffix.Length == 0) return tokens;
        return [.. tokens.Select((token, i) => token.Replace(suffix, i + 1 < tokens.Count ? " " : "", StringComparison.Ordinal))];
    }
}

namespace Lowrank.Language;

/// <summary>Of speech models: equal neighbours to one, padding away, the sign between words to a space.</summary>
sealed class CtcDecoder(string padToken, string wordDelimiter, bool cleansUp) : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        var parts = new List<string>(tokens.Count);
        for (int i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i] == tokens[i - 1]) continue;
            string part = padToken.Length > 0 ? tokens[i].Replace(padToken, "", StringComparison.Ordinal) : tokens[i];
            if (cleansUp) part = WordPieceCleanup.Of(part).Replace(wordDelimiter, " ", StringComparison.Ordinal);
            if (part.Length > 0) parts.Add(part);
        }
        return parts;
    }
}

namespace Lowrank.Language;

/// <summary>Joins tokens that go on, and sets the others apart by a space.</summary>
sealed class WordPieceDecoder(string prefix, bool cleansUp) : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Part)];

    string Part(string token, int index)
    {
        if (index > 0) token = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        return cleansUp ? WordPieceCleanup.Of(token) : token;
    }
}

namespace Lowrank.Language;

/// <summary>Takes up to so many of a character away from the ends of each part.</summary>
sealed class StripDecoder(char content, int start, int stop) : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Stripped)];

    string Stripped(string token)
    {
        int from = 0, to = token.Length;
        while (from < start && from < token.Length && token[from] == content) from++;
        while (token.Length - to < stop && to > from && token[to - 1] == content) to--;
        return token[from..to];
    }
}

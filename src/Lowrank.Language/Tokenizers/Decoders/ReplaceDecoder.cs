using System.Text;

namespace Lowrank.Language;

/// <summary>Puts a text in the place of each match within each part.</summary>
sealed class ReplaceDecoder(TextPattern pattern, string content) : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(Replaced)];

    string Replaced(string token)
    {
        var matches = pattern.Find(token);
        if (matches.Count == 0) return token;
        var made = new StringBuilder();
        int at = 0;
        foreach (var match in matches)
        {
            made.Append(token, at, match.Start - at).Append(content);
            at = match.End;
        }
        return made.Append(token, at, token.Length - at).ToString();
    }
}

namespace Lowrank.Language;

/// <summary>
/// Takes SentencePiece's space away from the piece that a text begins with; where spaces were thinned out, from all in front.
/// </summary>
sealed class LeadingSpaceDecoder(char space, bool takesAll) : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens)
    {
        string[] parts = [.. tokens];
        for (int i = 0; i < parts.Length; i++)
        {
            bool hasSpace = parts[i].StartsWith(space);
            if (hasSpace) parts[i] = parts[i][1..];
            if (parts[i].Length > 0 || hasSpace && !takesAll) break;
        }
        return parts;
    }
}

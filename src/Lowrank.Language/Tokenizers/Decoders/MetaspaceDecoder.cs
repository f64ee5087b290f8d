namespace Lowrank.Language;

/// <summary>The stand-in for a space back to a space; those of the first token are left out where one was put in front.</summary>
sealed class MetaspaceDecoder(char replacement, bool hasPrefix) : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) =>
        [.. tokens.Select((token, i) => i == 0 && hasPrefix
            ? token.Replace(replacement.ToString(), "", StringComparison.Ordinal)
            : token.Replace(replacement, ' '))];
}

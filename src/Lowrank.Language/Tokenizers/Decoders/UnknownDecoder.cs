namespace Lowrank.Language;

/// <summary>Shows the unknown token as SentencePiece does.</summary>
sealed class UnknownDecoder(string token, string surface) : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(part => part == token ? surface : part)];
}

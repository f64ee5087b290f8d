namespace Lowrank.Language;

/// <summary>Takes the spaces before signs and contractions away.</summary>
sealed class CleanupDecoder : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [.. tokens.Select(WordPieceCleanup.Of)];
}

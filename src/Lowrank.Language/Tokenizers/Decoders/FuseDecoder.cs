namespace Lowrank.Language;

/// <summary>All parts to one.</summary>
sealed class FuseDecoder : ITokenDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Decode(IReadOnlyList<string> tokens) => [string.Concat(tokens)];
}

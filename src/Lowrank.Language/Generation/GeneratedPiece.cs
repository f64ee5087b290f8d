namespace Lowrank.Language;

/// <summary>What a token added to one of several texts.</summary>
/// <param name="Row">Number of the request, from 0.</param>
/// <param name="Text">Whole characters; empty where they are held back.</param>
/// <param name="End">The whole text, with the last piece; null before.</param>
public sealed record GeneratedPiece(int Row, string Text, GeneratedText? End)
{
    /// <summary>The token; null of a piece that ends a text without one.</summary>
    internal int? Token { get; init; }
}

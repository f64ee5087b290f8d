namespace Lowrank.Language;

/// <summary>Makes tokens of a piece of text: byte pairs, WordPiece, Unigram, whole words.</summary>
interface ITokenModel
{
    /// <summary>The tokens and their ids.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Appends the tokens of a piece that is not empty.</summary>
    void Encode(ReadOnlySpan<char> piece, List<PieceToken> into);
}

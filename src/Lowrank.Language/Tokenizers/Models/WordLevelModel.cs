namespace Lowrank.Language;

/// <summary>Every piece is a token, or the unknown one.</summary>
sealed class WordLevelModel : ITokenModel
{
    readonly int unknown;
    readonly IReadOnlySet<int> control;

    /// <summary>A model. Without an unknown token, an unknown word is an error where it is met.</summary>
    public WordLevelModel(Vocabulary vocabulary, string unknownToken, IReadOnlySet<int> control)
    {
        (Vocabulary, this.control) = (vocabulary, control);
        unknown = vocabulary.Id(unknownToken) ?? -1;
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> piece, List<PieceToken> into)
    {
        int id = Vocabulary.Id(piece) is { } known && !control.Contains(known) ? known : unknown;
        if (id < 0)
            throw new LowrankException($"The vocabulary has no token for \"{piece}\", and the tokenizer names none for what is unknown.");
        into.Add(new PieceToken(id, 0, piece.Length));
    }
}

namespace Lowrank.Language;

/// <summary>A text and the pieces that it is split into so far; what lies in no piece is left out.</summary>
sealed class PieceList(AlignedText text)
{
    /// <summary>The text.</summary>
    public AlignedText Text { get; } = text;

    /// <summary>The pieces in order, none empty.</summary>
    public List<TextSpan> Pieces { get; private set; } = text.Text.Length == 0 ? [] : [new TextSpan(0, text.Text.Length)];

    /// <summary>Splits every piece at what a pattern finds in it.</summary>
    /// <param name="pattern">Finds the matches.</param>
    /// <param name="behavior">Where a match goes.</param>
    /// <param name="invert">Whether what lies between the matches is taken for the matches.</param>
    public void Split(TextPattern pattern, SplitBehavior behavior, bool invert = false)
    {
        var split = new List<TextSpan>(Pieces.Count + 16);
        var matches = new List<TextSpan>();
        foreach (var piece in Pieces)
        {
            matches.Clear();
            pattern.Find(Text.Text, piece, matches);
            PieceSplitter.Split(piece, matches, behavior, invert, split);
        }
        Pieces = split;
    }

    /// <summary>Splits every piece by a rule of its own: the pieces of a piece, in order.</summary>
    public void Split(Action<string, TextSpan, List<TextSpan>> rule)
    {
        var split = new List<TextSpan>(Pieces.Count + 16);
        foreach (var piece in Pieces) rule(Text.Text, piece, split);
        Pieces = split;
    }

    /// <summary>Writes every piece anew; what lies between them goes away.</summary>
    /// <param name="rule">Appends a piece's new text.</param>
    public void Rewrite(Action<AlignedText, TextSpan, AlignedBuilder> rule)
    {
        var made = new AlignedBuilder(Text.Text.Length + Pieces.Count);
        var pieces = new List<TextSpan>(Pieces.Count);
        foreach (var piece in Pieces)
        {
            int start = made.Length;
            rule(Text, piece, made);
            if (made.Length > start) pieces.Add(new TextSpan(start, made.Length));
        }
        Text.Take(made);
        Pieces = pieces;
    }
}

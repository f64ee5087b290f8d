namespace Lowrank.Language;

/// <summary>Writes spaces as a visible character, puts one in front, and splits before each.</summary>
sealed class MetaspacePreTokenizer(char replacement, PrependScheme scheme, bool splits) : IPreTokenizer
{
    readonly LiteralPattern pattern = new(replacement.ToString());

    /// <inheritdoc/>
    public void Split(PieceList pieces)
    {
        pieces.Rewrite(Write);
        if (splits) pieces.Split(pattern, SplitBehavior.MergedWithNext);
    }

    void Write(AlignedText text, TextSpan piece, AlignedBuilder made)
    {
        bool hasSpace = text.Text[piece.Start] is var first && (first == ' ' || first == replacement);
        int place = piece.Start == 0 ? text.First : text.SourceOf(piece.Start).Start;
        bool isWanted = scheme == PrependScheme.Always || scheme == PrependScheme.First && place == 0;
        if (isWanted && !hasSpace) made.Append(replacement, text.SourceOf(piece.Start));
        for (int i = piece.Start; i < piece.End; i++)
            made.Append(text.Text[i] == ' ' ? replacement : text.Text[i], text.SourceOf(i));
    }
}

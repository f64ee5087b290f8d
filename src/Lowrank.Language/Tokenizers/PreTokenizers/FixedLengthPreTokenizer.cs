namespace Lowrank.Language;

/// <summary>Pieces of so many code points.</summary>
sealed class FixedLengthPreTokenizer(int length) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(PieceList pieces) => pieces.Split((text, piece, into) =>
    {
        int start = piece.Start, count = 0;
        for (int at = piece.Start; at < piece.End;)
        {
            CodePoints.At(text, at, out int units);
            at += units;
            if (++count < length && at < piece.End) continue;
            into.Add(new TextSpan(start, at));
            (start, count) = (at, 0);
        }
    });
}

using System.Text;

namespace Lowrank.Language;

/// <summary>Single code points of a class, each a match of its own.</summary>
sealed class ClassPattern(Func<Rune, bool> isMember) : TextPattern
{
    /// <inheritdoc/>
    public override void Find(string text, TextSpan piece, List<TextSpan> matches)
    {
        for (int at = piece.Start; at < piece.End;)
        {
            var rune = CodePoints.At(text, at, out int length);
            if (isMember(rune)) matches.Add(new TextSpan(at, at + length));
            at += length;
        }
    }
}

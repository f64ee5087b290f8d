namespace Lowrank.Language;

/// <summary>A string, unit for unit.</summary>
sealed class LiteralPattern(string content) : TextPattern
{
    /// <inheritdoc/>
    public override void Find(string text, TextSpan piece, List<TextSpan> matches)
    {
        if (content.Length == 0) return;
        for (int at = piece.Start; at < piece.End;)
        {
            int found = text.AsSpan(at, piece.End - at).IndexOf(content, StringComparison.Ordinal);
            if (found < 0) return;
            matches.Add(new TextSpan(at + found, at + found + content.Length));
            at += found + content.Length;
        }
    }
}

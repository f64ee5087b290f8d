using System.Text;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>
/// Marks where the text of a label may break: between words, and within tags and names only where they are too long for a line.
/// </summary>
public static partial class LabelBreaks
{
    // Zero width: a break may be here; none may be here.
    const char breaks = '\u200B', joins = '\u2060';

    // Behind them a name may break.
    const string ends = "/\\:_-.=,|";

    // Shorter ones fit everywhere.
    const int Short = 6;

    /// <summary>The text with marks in it that take no room.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fits">Whether a piece of it fits on a line.</param>
    public static string Mark(string text, Func<string, bool> fits) => Piece().Replace(text, match =>
    {
        string piece = match.Value;
        if (piece.Length <= Short) return piece;
        if (!fits(piece)) return Breakable(piece);
        return piece[0] == '<' ? string.Join(joins, piece.AsEnumerable()) : piece;
    });

    static string Breakable(string piece)
    {
        var marked = new StringBuilder();
        foreach (var (at, c) in piece.Index())
        {
            marked.Append(c);
            bool isEnd = ends.Contains(c, StringComparison.Ordinal);
            // Not within a number, nor before what closes the piece.
            bool isInNumber = c is '.' or ',' && at + 1 < piece.Length && char.IsAsciiDigit(piece[at + 1]);
            if (isEnd && !isInNumber && at + 2 < piece.Length) marked.Append(breaks);
        }
        return marked.ToString();
    }

    [GeneratedRegex(@"<[^<>\s]+>|[^\s<]+|<")]
    private static partial Regex Piece();
}

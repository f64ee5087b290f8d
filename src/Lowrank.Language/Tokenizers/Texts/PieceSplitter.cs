namespace Lowrank.Language;

/// <summary>Splits one piece at the matches of a pattern.</summary>
static class PieceSplitter
{
    readonly record struct Part(TextSpan Span, bool IsMatch);

    /// <summary>Appends the pieces of a piece, none empty.</summary>
    public static void Split(TextSpan piece, List<TextSpan> matches, SplitBehavior behavior, bool invert, List<TextSpan> into)
    {
        if (behavior == SplitBehavior.Isolated)
        {
            Isolate(piece, matches, into);
            return;
        }
        var parts = Parts(piece, matches, invert);
        var joined = behavior switch
        {
            SplitBehavior.Removed => parts.Where(part => !part.IsMatch).Select(part => part.Span),
            SplitBehavior.Contiguous => Joined(parts, (previous, isMatch) => isMatch == previous),
            SplitBehavior.MergedWithPrevious => Joined(parts, (previous, isMatch) => isMatch && !previous),
            _ => JoinedWithNext(parts),
        };
        foreach (var span in joined)
            if (span.Length > 0) into.Add(span);
    }

    static void Isolate(TextSpan piece, List<TextSpan> matches, List<TextSpan> into)
    {
        int at = piece.Start;
        foreach (var match in matches)
        {
            if (match.Start > at) into.Add(new TextSpan(at, match.Start));
            if (match.Length > 0) into.Add(match);
            at = match.End;
        }
        if (piece.End > at) into.Add(new TextSpan(at, piece.End));
    }

    static List<Part> Parts(TextSpan piece, List<TextSpan> matches, bool invert)
    {
        var parts = new List<Part>(matches.Count * 2 + 1);
        int at = piece.Start;
        foreach (var match in matches)
        {
            if (match.Start > at) parts.Add(new Part(new TextSpan(at, match.Start), invert));
            parts.Add(new Part(match, !invert));
            at = match.End;
        }
        if (piece.End > at) parts.Add(new Part(new TextSpan(at, piece.End), invert));
        return parts;
    }

    static List<TextSpan> Joined(List<Part> parts, Func<bool, bool, bool> belongs)
    {
        var joined = new List<TextSpan>();
        bool previous = false;
        foreach (var part in parts)
        {
            if (joined.Count > 0 && belongs(previous, part.IsMatch)) joined[^1] = new TextSpan(joined[^1].Start, part.Span.End);
            else joined.Add(part.Span);
            previous = part.IsMatch;
        }
        return joined;
    }

    static List<TextSpan> JoinedWithNext(List<Part> parts)
    {
        var joined = new List<TextSpan>();
        bool next = false;
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            if (joined.Count > 0 && parts[i].IsMatch && !next) joined[^1] = new TextSpan(parts[i].Span.Start, joined[^1].End);
            else joined.Add(parts[i].Span);
            next = parts[i].IsMatch;
        }
        joined.Reverse();
        return joined;
    }
}

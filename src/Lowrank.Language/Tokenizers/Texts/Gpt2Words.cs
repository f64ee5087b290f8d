namespace Lowrank.Language;

/// <summary>GPT-2's split (<see cref="KnownPatterns.Gpt2"/>), by code points and without a regex.</summary>
sealed class Gpt2Words : TextPattern
{
    /// <inheritdoc/>
    public override void Find(string text, TextSpan piece, List<TextSpan> matches)
    {
        for (int at = piece.Start; at < piece.End;)
        {
            int end = WordEnd(text, at, piece.End);
            matches.Add(new TextSpan(at, end));
            at = end;
        }
    }

    static int WordEnd(string text, int start, int limit)
    {
        int contraction = text[start] == '\'' ? ContractionLength(text.AsSpan(start, limit - start)) : 0;
        if (contraction > 0) return start + contraction;
        bool spaceFirst = text[start] == ' ' && start + 1 < limit && CharacterKinds.At(text, start + 1, out _) != CharacterKind.Blank;
        int first = spaceFirst ? start + 1 : start;
        var kind = CharacterKinds.At(text, first, out _);
        int end = CharacterKinds.RunEnd(text, first, limit, kind);
        // Blanks before a word leave their last to it.
        bool leavesOne = kind == CharacterKind.Blank && end < limit && end - start > 1;
        return leavesOne ? end - 1 : end;
    }

    static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2) return 0;
        if (text[1] is 's' or 't' or 'm' or 'd') return 2;
        bool isLong = text.Length > 2 && (text[1], text[2]) is ('r', 'e') or ('v', 'e') or ('l', 'l');
        return isLong ? 3 : 0;
    }
}

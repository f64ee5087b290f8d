namespace Lowrank.Language;

/// <summary>Llama 3's and Qwen 2's split (<see cref="KnownPatterns.Llama3"/>), by code points and without a regex.</summary>
/// <param name="mostDigits">Digits that stay together: 3 for Llama 3, 1 for Qwen 2.</param>
sealed class Llama3Words(int mostDigits) : TextPattern
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

    int WordEnd(string text, int start, int limit)
    {
        int contraction = text[start] == '\'' ? ContractionLength(text.AsSpan(start, limit - start)) : 0;
        if (contraction > 0) return start + contraction;
        var kind = CharacterKinds.At(text, start, out int length);
        if (kind == CharacterKind.Letter) return CharacterKinds.RunEnd(text, start, limit, kind);
        if (kind == CharacterKind.Number) return CharacterKinds.RunEnd(text, start, limit, kind, mostDigits);
        // Any one character but a line's end goes with the letters after it, a space with the signs after it.
        int second = start + length;
        var next = second < limit ? CharacterKinds.At(text, second, out _) : CharacterKind.Blank;
        if (next == CharacterKind.Letter && !IsLineEnd(text[start])) return CharacterKinds.RunEnd(text, second, limit, next);
        if (kind == CharacterKind.Other) return SignsEnd(text, start, limit);
        if (next == CharacterKind.Other && text[start] == ' ') return SignsEnd(text, second, limit);
        return BlanksEnd(text, start, limit);
    }

    static int SignsEnd(string text, int start, int limit)
    {
        int end = CharacterKinds.RunEnd(text, start, limit, CharacterKind.Other);
        while (end < limit && IsLineEnd(text[end])) end++;
        return end;
    }

    // Up to the last end of a line; without one, all but the last blank, which goes with the word after it.
    static int BlanksEnd(string text, int start, int limit)
    {
        int end = CharacterKinds.RunEnd(text, start, limit, CharacterKind.Blank);
        int line = text.AsSpan(start, end - start).LastIndexOfAny('\r', '\n');
        if (line >= 0) return start + line + 1;
        bool leavesOne = end < limit && end - start > 1;
        return leavesOne ? end - 1 : end;
    }

    static bool IsLineEnd(char c) => c is '\r' or '\n';

    // Case makes no difference, and U+017F is an s.
    static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2) return 0;
        char second = Folded(text[1]);
        if (second is 's' or 't' or 'm' or 'd') return 2;
        bool isLong = text.Length > 2 && (second, Folded(text[2])) is ('r', 'e') or ('v', 'e') or ('l', 'l');
        return isLong ? 3 : 0;
    }

    static char Folded(char c) => c == '\u017F' ? 's' : char.ToLowerInvariant(c);
}

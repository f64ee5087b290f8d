namespace Lowrank.Language;

/// <summary>Leaves blanks at a token's ends out of its stretch.</summary>
static class OffsetTrimmer
{
    /// <summary>Trims a row.</summary>
    /// <param name="row">The tokens.</param>
    /// <param name="addsPrefixSpace">Whether a first token's space was added and takes nothing away.</param>
    /// <param name="tokenOf">The text of a token.</param>
    public static void Trim(TokenRow row, bool addsPrefixSpace, Func<int, string?> tokenOf)
    {
        for (int i = 0; i < row.Count; i++)
        {
            string token = tokenOf(row.Ids[i]) ?? "";
            if (token.Length == 0 || !IsBlank(token[0]) && !IsBlank(token[^1])) continue;
            int leading = 0, trailing = 0;
            while (leading < token.Length && IsBlank(token[leading])) leading++;
            while (trailing < token.Length && IsBlank(token[^(trailing + 1)])) trailing++;
            var (start, end) = row.Spans[i];
            bool isFirst = i == 0 || start == 0;
            if (leading > 0 && isFirst && addsPrefixSpace) leading--;
            start = Math.Min(start + leading, end);
            if (end >= trailing) end = Math.Max(end - trailing, start);
            row.Spans[i] = new TextSpan(start, end);
        }
    }

    static bool IsBlank(char unit) => unit == ByteAlphabet.LetterOf((byte)' ') || char.IsWhiteSpace(unit);
}

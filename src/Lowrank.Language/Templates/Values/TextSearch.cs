using System.Buffers;

namespace Lowrank.Language;

/// <summary>Python's ways to cut texts: blanks, splits, lines, replacements.</summary>
static class TextSearch
{
    static readonly SearchValues<char> lineEnds = SearchValues.Create("\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029");

    /// <summary>Whether Python takes a character as a blank.</summary>
    public static bool IsBlank(char c) => c is >= '\x1c' and <= '\x1f' || char.IsWhiteSpace(c);

    /// <summary>The text without what is stripped from its ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="characters">A set of characters; null for blanks.</param>
    /// <param name="left">Whether at its start.</param>
    /// <param name="right">Whether at its end.</param>
    public static MarkedText Stripped(MarkedText text, string? characters, bool left = true, bool right = true)
    {
        string value = text.Value;
        int start = 0, end = value.Length;
        while (left && start < end && Goes(value, start, characters)) start += PythonPoints.Width(value, start);
        while (right && end > start && Goes(value, Before(value, end), characters)) end = Before(value, end);
        return text.Part(start, end - start);
    }

    static int Before(string text, int end) => end >= 2 && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? end - 2 : end - 1;

    static bool Goes(string text, int at, string? characters)
    {
        if (characters is null) return IsBlank(text[at]);
        int width = PythonPoints.Width(text, at);
        return characters.AsSpan().IndexOf(text.AsSpan(at, width)) >= 0;
    }

    /// <summary>The parts between separators.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">What stands between; null for any blanks.</param>
    /// <param name="most">How often it is split; below 0 always.</param>
    /// <param name="fromRight">Whether those at the end count first.</param>
    public static List<object> Split(MarkedText text, string? separator, int most, bool fromRight = false)
    {
        if (separator is { Length: 0 }) throw new TemplateFault(TemplateFault.Value, "empty separator");
        if (most < 0) most = int.MaxValue;
        if (separator is null) return fromRight ? BlanksFromRight(text, most) : Blanks(text, most);
        var cuts = new List<int>();
        if (fromRight) FindFromRight(text.Value, separator, most, cuts); else Find(text.Value, separator, most, cuts);
        var parts = new List<object>();
        int start = 0;
        foreach (int cut in cuts)
        {
            parts.Add(text.Part(start, cut - start));
            start = cut + separator.Length;
        }
        parts.Add(text.From(start));
        return parts;
    }

    static void Find(string text, string part, int most, List<int> found)
    {
        int at = 0;
        while (found.Count < most && (at = text.IndexOf(part, at, StringComparison.Ordinal)) >= 0)
        {
            found.Add(at);
            at += part.Length;
        }
    }

    static void FindFromRight(string text, string part, int most, List<int> found)
    {
        int end = text.Length;
        while (found.Count < most && text.AsSpan(0, end).LastIndexOf(part) is var at && at >= 0)
        {
            found.Add(at);
            end = at;
        }
        found.Reverse();
    }

    static List<object> Blanks(MarkedText text, int most)
    {
        var parts = new List<object>();
        string value = text.Value;
        int at = 0;
        while (true)
        {
            while (at < value.Length && IsBlank(value[at])) at++;
            if (at == value.Length) return parts;
            int start = at;
            if (parts.Count == most)
            {
                parts.Add(Stripped(text.From(start), null, left: false));
                return parts;
            }
            while (at < value.Length && !IsBlank(value[at])) at++;
            parts.Add(text.Part(start, at - start));
        }
    }

    static List<object> BlanksFromRight(MarkedText text, int most)
    {
        var parts = new List<object>();
        string value = text.Value;
        int end = value.Length;
        while (true)
        {
            while (end > 0 && IsBlank(value[end - 1])) end--;
            if (end == 0) break;
            int behind = end;
            if (parts.Count == most)
            {
                parts.Add(Stripped(text.Part(0, behind), null, right: false));
                break;
            }
            while (end > 0 && !IsBlank(value[end - 1])) end--;
            parts.Add(text.Part(end, behind - end));
        }
        parts.Reverse();
        return parts;
    }

    /// <summary>The lines, without their ends unless these are kept.</summary>
    public static List<object> Lines(MarkedText text, bool keepsEnds = false)
    {
        var lines = new List<object>();
        string value = text.Value;
        for (int start = 0; start < value.Length;)
        {
            int end = value.AsSpan(start).IndexOfAny(lineEnds) is var found && found >= 0
                ? start + found : value.Length;
            bool isPair = end + 1 < value.Length && value[end] == '\r' && value[end + 1] == '\n';
            int next = end == value.Length ? end : end + (isPair ? 2 : 1);
            lines.Add(text.Part(start, (keepsEnds ? next : end) - start));
            start = next;
        }
        return lines;
    }

    /// <summary>The text with one part in place of another.</summary>
    /// <param name="text">The text.</param>
    /// <param name="old">What is replaced; an empty one stands before every character and at the end.</param>
    /// <param name="other">What takes its place.</param>
    /// <param name="most">How often; below 0 always.</param>
    public static MarkedText Replaced(MarkedText text, MarkedText old, MarkedText other, int most)
    {
        if (most < 0) most = int.MaxValue;
        var cuts = new List<int>();
        if (old.Value.Length > 0) Find(text.Value, old.Value, most, cuts);
        else cuts.AddRange(PythonPoints.Starts(text.Value).Take(most));
        if (cuts.Count == 0) return text;
        var builder = new TextBuilder();
        int start = 0;
        foreach (int cut in cuts)
        {
            builder.Append(text, start, cut - start).Append(other);
            start = cut + old.Value.Length;
        }
        return builder.Append(text, start, text.Value.Length - start).ToText().As(text.IsMarkup);
    }

    /// <summary>Texts with another between them.</summary>
    public static MarkedText Joined(MarkedText between, IEnumerable<object> items, Func<object, MarkedText> text)
    {
        var builder = new TextBuilder();
        bool isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst) builder.Append(between);
            isFirst = false;
            builder.Append(text(item));
        }
        return builder.ToText();
    }
}

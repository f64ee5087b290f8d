using System.Globalization;
using System.Numerics;

namespace Lowrank.Language;

/// <summary>The methods of Python's str.</summary>
static class TextMethods
{
    static readonly TemplateMethod<MarkedText>[] all =
    [
        new("strip", "chars?", (text, a) => TextSearch.Stripped(text, Set(a[0]))),
        new("lstrip", "chars?", (text, a) => TextSearch.Stripped(text, Set(a[0]), right: false)),
        new("rstrip", "chars?", (text, a) => TextSearch.Stripped(text, Set(a[0]), left: false)),
        new("split", "sep? maxsplit?", (text, a) => TextSearch.Split(text, Set(a[0]), Int(a[1], -1))),
        new("rsplit", "sep? maxsplit?", (text, a) => TextSearch.Split(text, Set(a[0]), Int(a[1], -1), fromRight: true)),
        new("partition", "sep", (text, a) => Partition(text, a[0]!, fromRight: false)),
        new("rpartition", "sep", (text, a) => Partition(text, a[0]!, fromRight: true)),
        new("splitlines", "keepends?", (text, a) => TextSearch.Lines(text, a[0] is { } keeps && PythonTypes.IsTrue(keeps))),
        new("join", "iterable", (text, a) => TextSearch.Joined(text, PythonTypes.Items(a[0]!), PythonTypes.TextArgument)),
        new("replace", "old new count?", (text, a) =>
            TextSearch.Replaced(text, PythonTypes.TextArgument(a[0]!), PythonTypes.TextArgument(a[1]!), Int(a[2], -1))),
        new("startswith", "prefix start? end?", (text, a) =>
            Affix(text, a, (part, affix) => part.StartsWith(affix, StringComparison.Ordinal))),
        new("endswith", "suffix start? end?", (text, a) =>
            Affix(text, a, (part, affix) => part.EndsWith(affix, StringComparison.Ordinal))),
        new("removeprefix", "prefix", (text, a) => PythonTypes.TextArgument(a[0]!).Value is var front
            && text.Value.StartsWith(front, StringComparison.Ordinal) ? text.From(front.Length) : text),
        new("removesuffix", "suffix", (text, a) => PythonTypes.TextArgument(a[0]!).Value is { Length: > 0 } back
            && text.Value.EndsWith(back, StringComparison.Ordinal) ? text.Part(0, text.Value.Length - back.Length) : text),
        new("find", "sub start? end?", (text, a) => Find(text, a, fromRight: false)),
        new("rfind", "sub start? end?", (text, a) => Find(text, a, fromRight: true)),
        new("index", "sub start? end?", (text, a) => Found(Find(text, a, fromRight: false))),
        new("rindex", "sub start? end?", (text, a) => Found(Find(text, a, fromRight: true))),
        new("count", "sub start? end?", (text, a) => Count(text, a)),
        new("upper", "", (text, _) => TextCase.Upper(text)),
        new("lower", "", (text, _) => TextCase.Lower(text)),
        new("casefold", "", (text, _) => text.Mapped(TextCase.Folded)),
        new("title", "", (text, _) => Titled(text)),
        new("capitalize", "", (text, _) => Capitalized(text)),
        new("swapcase", "", (text, _) => text.Mapped(Swapped)),
        new("zfill", "width", ZeroFilled),
        new("center", "width fillchar?", (text, a) => Padded(text, a, Centered)),
        new("ljust", "width fillchar?", (text, a) => Padded(text, a, (_, _) => 0)),
        new("rjust", "width fillchar?", (text, a) => Padded(text, a, (missing, _) => missing)),
        new("expandtabs", "tabsize?", (text, a) => text.Mapped(Tabs(Int(a[0], 8)))),
        new("encode", "encoding? errors?", (_, _) => throw new TemplateFault(TemplateFault.Type, "bytes are not known here")),
        .. TextTests.All,
    ];

    static readonly Dictionary<string, TemplateMethod<MarkedText>> byName = all.ToDictionary(method => method.Name);

    /// <summary>The method of that name of a text; null if there is none.</summary>
    public static TemplateFunction? Find(MarkedText text, string name) => name switch
    {
        "format" => new("format", (_, arguments) => BraceFormat.Apply(text, arguments)),
        "format_map" => new("format_map", (_, arguments) => BraceFormat.Apply(text, BraceFormat.FromMapping(arguments))),
        _ => byName.GetValueOrDefault(name)?.Of(text),
    };

    static string? Set(object? given) => given is null or PythonNone ? null : PythonTypes.TextArgument(given).Value;

    static int Int(object? given, int otherwise) => given is null ? otherwise : PythonTypes.IntArgument(given);

    static PythonTuple Partition(MarkedText text, object separator, bool fromRight)
    {
        string part = PythonTypes.TextArgument(separator).Value;
        if (part.Length == 0) throw new TemplateFault(TemplateFault.Value, "empty separator");
        int at = fromRight
            ? text.Value.LastIndexOf(part, StringComparison.Ordinal)
            : text.Value.IndexOf(part, StringComparison.Ordinal);
        if (at >= 0) return new([text.Part(0, at), text.Part(at, part.Length), text.From(at + part.Length)]);
        return fromRight ? new([MarkedText.Empty, MarkedText.Empty, text]) : new([text, MarkedText.Empty, MarkedText.Empty]);
    }

    // The part that start and end leave, and where it begins, in code points.
    static (MarkedText Part, int Start) Window(MarkedText text, object? start, object? end)
    {
        if (start is null && end is null) return (text, 0);
        var part = (MarkedText)PythonSlices.Slice(text, start ?? PythonNone.Value, end ?? PythonNone.Value, PythonNone.Value)!;
        int from = start is null or PythonNone ? 0 : PythonTypes.IntArgument(start);
        return (part, from < 0 ? Math.Max(0, from + text.Length) : from);
    }

    static bool Affix(MarkedText text, object?[] a, Func<string, string, bool> has)
    {
        var (part, start) = Window(text, a[1], a[2]);
        if (start > text.Length) return false;
        if (a[0] is PythonTuple several) return several.Items.Any(one => has(part.Value, PythonTypes.TextArgument(one).Value));
        return has(part.Value, PythonTypes.TextArgument(a[0]!).Value);
    }

    static object Find(MarkedText text, object?[] a, bool fromRight)
    {
        string sub = PythonTypes.TextArgument(a[0]!).Value;
        var (part, start) = Window(text, a[1], a[2]);
        int at = fromRight
            ? part.Value.LastIndexOf(sub, StringComparison.Ordinal)
            : part.Value.IndexOf(sub, StringComparison.Ordinal);
        bool isOutside = at < 0 || start > text.Length;
        return (BigInteger)(isOutside ? -1 : start + PythonPoints.Count(part.Value.AsSpan(0, at)));
    }

    static object Found(object place) =>
        (BigInteger)place >= 0 ? place : throw new TemplateFault(TemplateFault.Value, "substring not found");

    static BigInteger Count(MarkedText text, object?[] a)
    {
        string sub = PythonTypes.TextArgument(a[0]!).Value;
        var (part, start) = Window(text, a[1], a[2]);
        if (start > text.Length) return BigInteger.Zero;
        return (BigInteger)(sub.Length == 0 ? part.Length + 1 : TextSearch.Split(part, sub, -1).Count - 1);
    }

    static MarkedText Titled(MarkedText text)
    {
        bool isWithin = false;
        return text.Mapped(point =>
        {
            string made = isWithin ? TextCase.Lower(point) : TextCase.Title(point);
            isWithin = TextCase.IsCased(point);
            return made;
        });
    }

    /// <summary>The first character as at the front of a word, the rest in lower case.</summary>
    public static MarkedText Capitalized(MarkedText text)
    {
        int front = text.Value.Length == 0 ? 0 : PythonPoints.Width(text.Value, 0);
        return PythonArithmetic.Concat(text.Part(0, front).Mapped(TextCase.Title), TextCase.Lower(text.From(front)));
    }

    static string Swapped(int point) => CharUnicodeInfo.GetUnicodeCategory(point) == UnicodeCategory.UppercaseLetter
        ? TextCase.Lower(point)
        : TextCase.Upper(point);

    static MarkedText ZeroFilled(MarkedText text, object?[] a)
    {
        int missing = Math.Max(0, TemplateLimits.Checked(PythonTypes.IntArgument(a[0]!)) - text.Length);
        int sign = text.Value.Length > 0 && text.Value[0] is '+' or '-' ? 1 : 0;
        return new TextBuilder().Append(text, 0, sign).Append('0', missing).Append(text, sign, text.Value.Length - sign).ToText();
    }

    /// <summary>How many of the missing characters stand before a text in the middle.</summary>
    public static int Centered(int missing, int width) => missing / 2 + (missing & width & 1);

    static MarkedText Padded(MarkedText text, object?[] a, Func<int, int, int> before)
    {
        int width = TemplateLimits.Checked(PythonTypes.IntArgument(a[0]!));
        string fill = a[1] is null ? " " : PythonTypes.TextArgument(a[1]!).Value;
        if (PythonPoints.Count(fill) != 1)
            throw new TemplateFault(TemplateFault.Type, "The fill character must be exactly one character long");
        return Padded(text, width, fill, before);
    }

    /// <summary>The text with as many characters before and behind it as make it that wide.</summary>
    public static MarkedText Padded(MarkedText text, int width, string fill, Func<int, int, int> before)
    {
        int missing = TemplateLimits.Checked(Math.Max(0, width - text.Length));
        if (missing == 0) return text;
        var builder = new TextBuilder();
        int front = before(missing, width);
        for (int i = 0; i < front; i++) builder.Append(fill);
        builder.Append(text);
        for (int i = front; i < missing; i++) builder.Append(fill);
        return builder.ToText().As(text.IsMarkup);
    }

    static Func<int, string?> Tabs(int size)
    {
        int column = 0;
        return point =>
        {
            bool isTab = point == '\t';
            int width = isTab ? size > 0 ? size - column % size : 0 : 1;
            column = point is '\n' or '\r' ? 0 : column + width;
            return isTab ? new string(' ', TemplateLimits.Checked(width)) : null;
        };
    }
}

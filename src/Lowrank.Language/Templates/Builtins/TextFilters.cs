using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>Filters that give texts.</summary>
static partial class TextFilters
{
    static readonly SearchValues<char> noAttribute = SearchValues.Create(" \t\n\r\f/>=");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TemplateFilter> All { get; } =
    [
        TemplateFilter.Of("capitalize", "", (value, _) => TextMethods.Capitalized(Soft(value))),
        TemplateFilter.Of("center", "width?", (value, a) => TextMethods.Padded(Soft(value), Int(a[0], 80), " ", TextMethods.Centered)),
        TemplateFilter.Of("e", "", (value, _) => HtmlText.Escaped(Soft(value))),
        TemplateFilter.Of("escape", "", (value, _) => HtmlText.Escaped(Soft(value))),
        TemplateFilter.Of("forceescape", "", (value, _) => HtmlText.Forced(Soft(value))),
        new("format", (_, value, arguments) => Formatted(value, arguments)),
        TemplateFilter.Of("indent", "width? first? blank?", Indented),
        TemplateFilter.Of("lower", "", (value, _) => TextCase.Lower(Soft(value))),
        TemplateFilter.Of("replace", "old new count?", (value, a) =>
            TextSearch.Replaced(Soft(value), Soft(a[0]!), Soft(a[1]!), a[2] is null or PythonNone ? -1 : PythonTypes.IntArgument(a[2]!))),
        TemplateFilter.Of("safe", "", (value, _) => Soft(value).As(true)),
        TemplateFilter.Of("string", "", (value, _) => Soft(value)),
        TemplateFilter.Of("striptags", "", (value, _) => HtmlText.WithoutTags(Soft(value))),
        TemplateFilter.Of("title", "", (value, _) => Titled(Soft(value))),
        TemplateFilter.Of("trim", "chars?", (value, a) =>
            TextSearch.Stripped(Soft(value), a[0] is null or PythonNone ? null : PythonTypes.TextArgument(a[0]!).Value)),
        TemplateFilter.Of("truncate", "length? killwords? end? leeway?", Truncated),
        TemplateFilter.Of("upper", "", (value, _) => TextCase.Upper(Soft(value))),
        TemplateFilter.Of("urlencode", "", (value, _) => UrlEncoded(value)),
        TemplateFilter.Of("wordcount", "", (value, _) => (BigInteger)Words().Count(Soft(value).Value)),
        TemplateFilter.Of("wordwrap", "width? break_long_words? wrapstring? break_on_hyphens?", Wrapped),
        TemplateFilter.Of("xmlattr", "autospace?", XmlAttributes),
        TemplateFilter.Of("filesizeformat", "binary?", FileSize),
        TemplateFilter.Of("pprint", "", (value, _) => PythonRepr.Marked(Sorted(value))),
        TemplateFilter.Of("tojson", "ensure_ascii? indent? separators? sort_keys?", ToJson),
    ];

    static MarkedText Soft(object value) => PythonTypes.Text(value);

    static int Int(object? given, int otherwise) => given is null ? otherwise : PythonTypes.IntArgument(given);

    static bool IsOn(object? given, bool otherwise = false) => given is null ? otherwise : PythonTypes.IsTrue(given);

    static MarkedText Formatted(object value, CallArguments arguments)
    {
        bool isBoth = arguments.Positional.Count > 0 && arguments.Named.Count > 0;
        if (isBoth) throw new TemplateFault(TemplateFault.Argument, "can't handle positional and keyword arguments at the same time");
        if (arguments.Named.Count == 0) return PercentFormat.Apply(Soft(value), new PythonTuple(arguments.Positional));
        var named = new PythonDict();
        foreach (var (name, one) in arguments.Named) named.Set((MarkedText)name, one);
        return PercentFormat.Apply(Soft(value), named);
    }

    static object Indented(object value, object?[] a)
    {
        var text = value as MarkedText ?? throw (value as Undefined)?.Fault() ?? new TemplateFault(
            TemplateFault.Type, $"unsupported operand type(s) for +=: {PythonRepr.Of(PythonTypes.Name(value))} and 'str'");
        var indent = a[0] as MarkedText ?? new string(' ', TemplateLimits.Checked(Int(a[0], 4)));
        bool first = IsOn(a[1]), blank = IsOn(a[2]);
        var lines = TextSearch.Lines(PythonArithmetic.Concat(text, "\n"));
        var builder = new TextBuilder();
        for (int i = 0; i < lines.Count; i++)
        {
            var line = (MarkedText)lines[i];
            if (i > 0) builder.Append('\n');
            bool isIndented = i == 0 ? first : blank || line.Value.Length > 0;
            if (isIndented) builder.Append(indent);
            builder.Append(line);
        }
        return builder.ToText().As(text.IsMarkup);
    }

    static MarkedText Titled(MarkedText text)
    {
        bool isWithin = false;
        return text.Mapped(point =>
        {
            string made = isWithin ? TextCase.Lower(point) : TextCase.Upper(point);
            isWithin = !IsBetweenWords(point);
            return made;
        });
    }

    static bool IsBetweenWords(int point) =>
        point is '-' or '(' or '{' or '[' or '<' || (point <= 0xffff && TextSearch.IsBlank((char)point));

    static object Truncated(object value, object?[] a)
    {
        var text = PythonTypes.TextArgument(value);
        int length = Int(a[0], 255), leeway = a[3] is null or PythonNone ? 5 : PythonTypes.IntArgument(a[3]!);
        var end = a[2] is null ? "..." : PythonTypes.TextArgument(a[2]!);
        if (length < end.Length) throw new TemplateFault(TemplateFault.Assert, $"expected length >= {end.Length}, got {length}");
        if (text.Length <= (long)length + leeway) return text;
        var front = (MarkedText)PythonSlices.Slice(text, PythonNone.Value, (BigInteger)(length - end.Length), PythonNone.Value)!;
        if (!IsOn(a[1])) front = (MarkedText)TextSearch.Split(front, " ", 1, fromRight: true)[0];
        return PythonArithmetic.Concat(front, end);
    }

    static MarkedText UrlEncoded(object value)
    {
        if (value is MarkedText text) return Quoted(text, "/");
        bool isPairs = value is PythonDict or List<object> or PythonTuple or PythonDictView or PythonGenerator;
        if (!isPairs) return Quoted(Soft(value), "/");
        var pairs = value is PythonDict dict ? new PythonDictView("items", dict).Items : PythonTypes.Items(value);
        return TextSearch.Joined("&", pairs, pair =>
        {
            var both = PythonTypes.ListOf(pair);
            if (both.Count != 2)
                throw new TemplateFault(TemplateFault.Value, $"not enough values to unpack (expected 2, got {both.Count})");
            return PythonArithmetic.Concat(Spaced(both[0]), PythonArithmetic.Concat("=", Spaced(both[1])));
        });

        static MarkedText Spaced(object one) => TextSearch.Replaced(Quoted(Soft(one), ""), "%20", "+", -1);
    }

    static MarkedText Quoted(MarkedText text, string safe) => text.Mapped(point =>
    {
        bool isPlain = point < 128 && (char.IsAsciiLetterOrDigit((char)point) || ("_.-~" + safe).Contains((char)point));
        if (isPlain) return null;
        string one = point is >= 0xd800 and <= 0xdfff ? "\ufffd" : char.ConvertFromUtf32(point);
        return string.Concat(Encoding.UTF8.GetBytes(one).Select(unit => string.Create(CultureInfo.InvariantCulture, $"%{unit:X2}")));
    });

    static object Wrapped(object value, object?[] a)
    {
        var text = Soft(value);
        int width = Int(a[0], 79);
        if (width <= 0) throw new TemplateFault(TemplateFault.Value, $"invalid width {width} (must be > 0)");
        var between = a[2] is null or PythonNone ? "\n" : PythonTypes.TextArgument(a[2]!);
        var lines = TextSearch.Lines(text).SelectMany(line => WordWrap.Of((MarkedText)line, width, IsOn(a[1], true), IsOn(a[3], true)));
        return TextSearch.Joined(between, lines, line => (MarkedText)line);
    }

    static object XmlAttributes(object value, object?[] a)
    {
        var dict = value as PythonDict ?? throw new TemplateFault(TemplateFault.Type, "xmlattr wants a mapping");
        var parts = new List<object>();
        foreach (var (key, one) in dict.Entries)
        {
            if (one is PythonNone or Undefined) continue;
            var name = Soft(key);
            if (name.Value.AsSpan().ContainsAny(noAttribute))
                throw new TemplateFault(TemplateFault.Value, $"Invalid character in attribute name: {PythonRepr.Of(name)}");
            var (its, told) = (HtmlText.Escaped(name), HtmlText.Escaped(Soft(one)));
            parts.Add(new TextBuilder().Append(its).Append("=\"").Append(told).Append('"').ToText());
        }
        var joined = TextSearch.Joined(" ", parts, part => (MarkedText)part);
        return joined.Value.Length > 0 && IsOn(a[0], true) ? PythonArithmetic.Concat(" ", joined) : joined;
    }

    static object FileSize(object value, object?[] a)
    {
        double bytes = ValueFilters.ToFloat(value) ??
            throw new TemplateFault(TemplateFault.Value, $"could not convert string to float: {PythonRepr.Of(value)}");
        bool isBinary = IsOn(a[0]);
        double unit = isBinary ? 1024 : 1000;
        if (bytes == 1) return (MarkedText)"1 Byte";
        if (bytes < unit) return (MarkedText)string.Create(CultureInfo.InvariantCulture, $"{Math.Truncate(bytes)} Bytes");
        int power = 0;
        while (power < 7 && bytes >= Math.Pow(unit, power + 2)) power++;
        string prefix = isBinary ? "KMGTPEZY"[power] + "iB" : "kMGTPEZY"[power] + "B";
        return (MarkedText)$"{ExactDecimal.Fixed(unit * bytes / Math.Pow(unit, power + 2), 1)} {prefix}";
    }

    // pprint sorts the keys of dicts; what would not fit into 80 columns stays on its line here.
    static object Sorted(object value)
    {
        using var level = ValueLevel.Enter();
        if (value is List<object> list) return list.ConvertAll(Sorted);
        if (value is PythonTuple tuple) return new PythonTuple([.. tuple.Items.Select(Sorted)]);
        if (value is not PythonDict dict) return value;
        var sorted = new PythonDict();
        foreach (object key in PythonEquality.Sorted(dict.Keys, key => key, false)) sorted.Set(key, Sorted(dict[key]!));
        return sorted;
    }

    static object ToJson(object value, object?[] a)
    {
        string? indent = a[1] switch
        {
            null or PythonNone => null,
            MarkedText text => text.Value,
            var width => new string(' ', TemplateLimits.Checked(PythonTypes.IntArgument(width))),
        };
        var (between, behindKey) = (indent is null ? ", " : ",", ": ");
        if (a[2] is not (null or PythonNone))
        {
            var both = PythonTypes.ListOf(a[2]!);
            if (both.Count != 2)
                throw new TemplateFault(TemplateFault.Value, "separators are two texts: one between items, one behind keys");
            (between, behindKey) = (PythonTypes.TextArgument(both[0]).Value, PythonTypes.TextArgument(both[1]).Value);
        }
        return new JsonDump(IsOn(a[0]), indent, between, behindKey, IsOn(a[3])).Of(value);
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}

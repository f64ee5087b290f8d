using System.Globalization;
using System.Numerics;

namespace Lowrank.Language;

/// <summary>Values as Python's str() and repr() write them.</summary>
static class PythonRepr
{
    /// <summary>What repr() makes of a value.</summary>
    public static string Of(object value) => value is string text ? Marked((MarkedText)text).Value : Marked(value).Value;

    /// <summary>What repr() makes of a value, with what wrote it.</summary>
    public static MarkedText Marked(object value)
    {
        var builder = new TextBuilder();
        Append(builder, value);
        return builder.ToText();
    }

    /// <summary>What str() makes of a value.</summary>
    public static MarkedText Str(object value) => value switch
    {
        MarkedText text => text,
        Undefined => MarkedText.Empty,
        _ => Marked(value),
    };

    static void Append(TextBuilder to, object value)
    {
        using var level = ValueLevel.Enter();
        switch (value)
        {
            case MarkedText text: AppendQuoted(to, text); break;
            case List<object> list: AppendItems(to, "[", list, "]"); break;
            case PythonTuple tuple: AppendItems(to, "(", tuple.Items, tuple.Items.Count == 1 ? ",)" : ")"); break;
            case PythonDict dict: AppendEntries(to, dict); break;
            case PythonDictView view: AppendItems(to, $"dict_{view.Kind}([", view.Items, "])"); break;
            default: to.Append(Plain(value)); break;
        }
    }

    static string Plain(object value) => value switch
    {
        bool on => on ? "True" : "False",
        PythonNone => "None",
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        double number => PythonFloat.Text(number),
        Undefined => "Undefined",
        PythonRange range => Range(range),
        PythonNamespace => "<Namespace>",
        TemplateCallable callable => $"<{PythonTypes.Name(value)} {callable.Name}>",
        _ => $"<{PythonTypes.Name(value)} object>",
    };

    static string Range(PythonRange range)
    {
        string step = range.Step.IsOne ? "" : $", {range.Step}";
        return $"range({range.Start}, {range.Stop}{step})";
    }

    static void AppendItems(TextBuilder to, string open, IEnumerable<object> items, string close)
    {
        to.Append(open);
        string between = "";
        foreach (var item in items)
        {
            Append(to.Append(between), item);
            between = ", ";
        }
        to.Append(close);
    }

    static void AppendEntries(TextBuilder to, PythonDict dict)
    {
        to.Append("{");
        string between = "";
        foreach (var (key, value) in dict.Entries)
        {
            Append(to.Append(between), key);
            Append(to.Append(": "), value);
            between = ", ";
        }
        to.Append("}");
    }

    static void AppendQuoted(TextBuilder to, MarkedText text)
    {
        bool isDouble = text.Value.Contains('\'') && !text.Value.Contains('"');
        char quote = isDouble ? '"' : '\'';
        if (text.IsMarkup) to.Append("Markup(");
        to.Append(quote).AppendMapped(text, point => Escaped(point, quote)).Append(quote);
        if (text.IsMarkup) to.Append(")");
    }

    static string? Escaped(int point, char quote) => point switch
    {
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when point == quote => "\\" + quote,
        _ when IsPrintable(point) => null,
        <= 0xff => string.Create(CultureInfo.InvariantCulture, $"\\x{point:x2}"),
        <= 0xffff => string.Create(CultureInfo.InvariantCulture, $"\\u{point:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{point:x8}"),
    };

    /// <summary>Whether Python prints a code point as it is.</summary>
    public static bool IsPrintable(int point) => point == ' ' || CharUnicodeInfo.GetUnicodeCategory(point) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}

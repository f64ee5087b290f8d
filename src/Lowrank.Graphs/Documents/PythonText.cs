using System.Globalization;
using System.Numerics;
using System.Text;

namespace Lowrank.Graphs;

/// <summary>How Python writes values as text, and what it makes of text: ComfyUI's conversions are Python's.</summary>
public static class PythonText
{
    /// <summary><c>str(value)</c>.</summary>
    public static string Str(object? value) => value is string text ? text : Repr(value);

    /// <summary><c>repr(value)</c>.</summary>
    public static string Repr(object? value) => value switch
    {
        null => "None",
        bool on => on ? "True" : "False",
        string text => Quoted(text),
        double number => PythonFloat.Text(number),
        int or long or BigInteger => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        IReadOnlyDictionary<string, object?> fields =>
            "{" + string.Join(", ", fields.Select(field => $"{Quoted(field.Key)}: {Repr(field.Value)}")) + "}",
        System.Collections.IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Repr))}]",
        _ => throw new ArgumentException($"a {value.GetType().Name} is no value of JSON"),
    };

    // Single quotes, unless the text has some and no double ones.
    static string Quoted(string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (char c in text)
            quoted.Append(c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when c == quote => $"\\{c}",
                < ' ' or '\u007f' => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        return quoted.Append(quote).ToString();
    }

    /// <summary>Whether Python takes the value for true.</summary>
    public static bool Truth(object? value) => value switch
    {
        null => false,
        bool on => on,
        string text => text.Length > 0,
        double number => number != 0,
        BigInteger number => !number.IsZero,
        IReadOnlyDictionary<string, object?> fields => fields.Count > 0,
        System.Collections.IEnumerable list => list.Cast<object?>().Any(),
        _ => true,
    };

    /// <summary><c>int(value)</c>; null and Python's words for why where it fails.</summary>
    public static BigInteger? Int(object? value, out string why)
    {
        why = "";
        switch (value)
        {
            case bool on: return on ? 1 : 0;
            case BigInteger number: return number;
            case double number when double.IsFinite(number): return new BigInteger(Math.Truncate(number));
            case double number:
                why = double.IsNaN(number) ? "cannot convert float NaN to integer" : "cannot convert float infinity to integer";
                return null;
            case string text:
                if (IsWhole(text.Trim()))
                    return BigInteger.Parse(Bare(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                why = $"invalid literal for int() with base 10: {Quoted(text)}";
                return null;
            default:
                why = $"int() argument must be a string, a bytes-like object or a real number, not '{TypeName(value)}'";
                return null;
        }
    }

    /// <summary><c>float(value)</c>; null and Python's words for why where it fails.</summary>
    public static double? Float(object? value, out string why)
    {
        why = "";
        switch (value)
        {
            case bool on: return on ? 1 : 0;
            case BigInteger number: return (double)number;
            case double number: return number;
            case string text:
                if (FloatOf(text.Trim()) is { } read) return read;
                why = $"could not convert string to float: {Quoted(text)}";
                return null;
            default:
                why = $"float() argument must be a string or a real number, not '{TypeName(value)}'";
                return null;
        }
    }

    static double? FloatOf(string text)
    {
        string bare = text.TrimStart('+', '-').ToLowerInvariant();
        if (text.Length - bare.Length > 1) return null;
        double sign = text.StartsWith('-') ? -1 : 1;
        if (bare is "inf" or "infinity") return sign * double.PositiveInfinity;
        if (bare is "nan") return double.NaN;
        if (bare.Length == 0 || !bare.All(c => char.IsAsciiDigit(c) || ".e+-_".Contains(c)) || HasStrayLine(bare)) return null;
        const NumberStyles plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(Bare(bare), plain, CultureInfo.InvariantCulture, out double number) ? sign * number : null;
    }

    static bool IsWhole(string text)
    {
        string digits = text.StartsWith('-') || text.StartsWith('+') ? text[1..] : text;
        return digits.Length > 0 && digits.All(c => char.IsAsciiDigit(c) || c == '_') && !HasStrayLine(digits);
    }

    // Underscores stand between digits only.
    static bool HasStrayLine(string digits)
    {
        for (int i = 0; i < digits.Length; i++)
            if (digits[i] == '_' && !(IsDigit(i - 1) && IsDigit(i + 1))) return true;
        return false;

        bool IsDigit(int at) => at >= 0 && at < digits.Length && char.IsAsciiDigit(digits[at]);
    }

    static string Bare(string text) => text.Trim().Replace("_", "", StringComparison.Ordinal);

    /// <summary>Python's name of the value's type.</summary>
    public static string TypeName(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        string => "str",
        double => "float",
        int or long or BigInteger => "int",
        IReadOnlyDictionary<string, object?> => "dict",
        _ => "list",
    };
}

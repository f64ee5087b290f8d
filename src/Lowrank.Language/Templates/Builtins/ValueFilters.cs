using System.Globalization;
using System.Numerics;

namespace Lowrank.Language;

/// <summary>Filters on single values: numbers, defaults, attributes.</summary>
static class ValueFilters
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<TemplateFilter> All { get; } =
    [
        TemplateFilter.Of("abs", "", (value, _) => Absolute(value)),
        TemplateFilter.Of("attr", "name", (value, a) => Attributes.Only(value, PythonTypes.Text(a[0]!))),
        TemplateFilter.Of("d", "default_value? boolean?", Default),
        TemplateFilter.Of("default", "default_value? boolean?", Default),
        TemplateFilter.Of("float", "default?", (value, a) => ToFloat(value) ?? a[0] ?? 0.0),
        TemplateFilter.Of("int", "default? base?", Int),
        TemplateFilter.Of("round", "precision? method?", Rounded),
    ];

    static object Default(object value, object?[] a)
    {
        bool isMissing = value is Undefined || (a[1] is { } boolean && PythonTypes.IsTrue(boolean) && !PythonTypes.IsTrue(value));
        return isMissing ? a[0] ?? MarkedText.Empty : value;
    }

    static object Absolute(object value)
    {
        if (value is Undefined undefined) throw undefined.Fault();
        if (value is double number) return Math.Abs(number);
        return PythonArithmetic.Whole(value) is { } whole
            ? BigInteger.Abs(whole)
            : throw new TemplateFault(TemplateFault.Type, $"bad operand type for abs(): {PythonRepr.Of(PythonTypes.Name(value))}");
    }

    /// <summary>What float() makes of a value; null where it makes nothing.</summary>
    public static double? ToFloat(object value)
    {
        if (value is Undefined undefined) throw undefined.Fault();
        if (PythonTypes.IsNumber(value)) return PythonArithmetic.Float(value);
        if (value is not MarkedText text) return null;
        string bare = text.Value.Trim();
        string word = bare.TrimStart('+', '-').ToLowerInvariant();
        int sign = bare.StartsWith('-') ? -1 : 1;
        if (word is "inf" or "infinity") return sign * double.PositiveInfinity;
        if (word is "nan") return double.NaN;
        return double.TryParse(WithoutUnderscores(bare), Number, CultureInfo.InvariantCulture, out double read) ? read : null;
    }

    const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // They stand between digits alone; elsewhere they stay and make the text no number.
    static string WithoutUnderscores(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool isBetween = i > 0 && i + 1 < text.Length && char.IsAsciiHexDigit(text[i - 1]) && char.IsAsciiHexDigit(text[i + 1]);
            if (text[i] == '_' && !isBetween) return text;
        }
        return text.Replace("_", "", StringComparison.Ordinal);
    }

    static object Int(object value, object?[] a)
    {
        if (value is Undefined undefined) throw undefined.Fault();
        int radix = a[1] is null ? 10 : PythonTypes.IntArgument(a[1]!);
        object otherwise = a[0] ?? BigInteger.Zero;
        if (value is MarkedText text && Whole(text.Value, radix) is { } whole) return whole;
        if (PythonArithmetic.Whole(value) is { } number) return number;
        return ToFloat(value) is { } fraction && double.IsFinite(fraction) ? new BigInteger(fraction) : otherwise;
    }

    static BigInteger? Whole(string text, int radix)
    {
        string bare = WithoutUnderscores(text.Trim());
        bool isNegative = bare.StartsWith('-');
        if (isNegative || bare.StartsWith('+')) bare = bare[1..];
        (bare, radix) = WithoutPrefix(bare, radix);
        if (bare.Length is 0 or > 5000) return null;
        var value = BigInteger.Zero;
        foreach (char c in bare)
        {
            int digit = Digits.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (digit < 0 || digit >= radix) return null;
            value = value * radix + digit;
        }
        return isNegative ? -value : value;
    }

    const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    // "0x1f" is read with base 16 and with base 0, which asks the prefix.
    static (string Digits, int Radix) WithoutPrefix(string text, int radix)
    {
        string prefix = text.Length > 2 ? text[..2].ToLowerInvariant() : "";
        int told = prefix switch { "0x" => 16, "0o" => 8, "0b" => 2, _ => 0 };
        bool isRead = told > 0 && (radix == told || radix == 0);
        if (isRead) return (text[2..], told);
        return (text, radix == 0 ? 10 : radix);
    }

    static object Rounded(object value, object?[] a)
    {
        if (value is Undefined undefined) throw undefined.Fault();
        string method = a[1] is null ? "common" : PythonTypes.Text(a[1]!).Value;
        if (method is not ("common" or "ceil" or "floor"))
            throw new TemplateFault(TemplateFault.Argument, "method must be common, ceil or floor");
        if (!PythonTypes.IsNumber(value))
            throw new TemplateFault(TemplateFault.Type, $"type {PythonTypes.Name(value)} doesn't define __round__ method");
        int digits = a[0] is null ? 0 : PythonTypes.IntArgument(a[0]!);
        if (method == "common") return value is double number ? ExactDecimal.Rounded(number, digits) : RoundedWhole(value, digits);
        double factor = Math.Pow(10, digits), scaled = PythonArithmetic.Float(value) * factor;
        return (method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled)) / factor;
    }

    static BigInteger RoundedWhole(object value, int digits)
    {
        var whole = PythonArithmetic.Whole(value)!.Value;
        if (digits >= 0) return whole;
        var unit = BigInteger.Pow(10, (int)Math.Min(-(long)digits, 10_000));
        var quotient = BigInteger.DivRem(BigInteger.Abs(whole), unit, out var rest);
        int half = (rest * 2).CompareTo(unit);
        if (half > 0 || (half == 0 && !quotient.IsEven)) quotient++;
        return quotient * unit * whole.Sign;
    }
}

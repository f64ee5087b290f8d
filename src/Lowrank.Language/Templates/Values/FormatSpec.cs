using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>How a value is laid out: fill, side, sign, width, digits and kind, of "%05.1f" and of "{:&gt;8,.2f}" alike.</summary>
/// <param name="Fill">What fills up to the width.</param>
/// <param name="Side">&lt;, &gt;, ^ or =; null is the kind's own.</param>
/// <param name="Sign">+, - or a blank.</param>
/// <param name="IsAlternate">Whether 0x is written before hexadecimal digits.</param>
/// <param name="Width">Least width.</param>
/// <param name="Group">A comma or underscore between thousands, or nothing.</param>
/// <param name="Digits">Digits behind the point, or most characters of a text; null where none are given.</param>
/// <param name="Kind">The letter of the kind; null where none is given.</param>
sealed partial record FormatSpec(char Fill, char? Side, char Sign, bool IsAlternate, int Width, string Group, int? Digits, char? Kind)
{
    /// <summary>Reads what stands behind the colon in "{:&gt;8}".</summary>
    public static FormatSpec Read(string text)
    {
        var match = Spec().Match(text);
        if (!match.Success) throw new TemplateFault(TemplateFault.Value, $"Invalid format specifier {PythonRepr.Of(text)}");
        string Part(string name) => match.Groups[name].Value;
        bool isZeroFilled = Part("zero").Length > 0;
        char? side = Part("side").Length > 0 ? Part("side")[0] : isZeroFilled ? '=' : null;
        char fill = Part("fill").Length > 0 ? Part("fill")[0] : isZeroFilled ? '0' : ' ';
        int? digits = Part("digits").Length > 0 ? Number(Part("digits")) : null;
        char? kind = Part("kind").Length > 0 ? Part("kind")[0] : null;
        char sign = Part("sign").Length > 0 ? Part("sign")[0] : '-';
        return new(fill, side, sign, Part("alternate").Length > 0, Number(Part("width")), Part("group"), digits, kind);
    }

    static int Number(string text) => text.Length == 0 ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? TemplateLimits.Checked(value)
        : throw new TemplateFault(TemplateFault.Value, "Too many decimal digits in format string");

    /// <summary>The value laid out.</summary>
    public MarkedText Apply(object value)
    {
        bool isWord = value is bool && Kind is null;
        bool isNumber = PythonTypes.IsNumber(value) && Kind is not 's' && !isWord;
        return isNumber ? Numeric(value) : Textual(PythonTypes.Text(value));
    }

    MarkedText Textual(MarkedText text)
    {
        if (Kind is { } kind and not 's') throw new TemplateFault(
            TemplateFault.Value, $"Unknown format code '{kind}' for object of type 'str'");
        if (Digits is { } most && text.Length > most)
            text = (MarkedText)PythonSlices.Slice(text, PythonNone.Value, (BigInteger)most, PythonNone.Value)!;
        return Padded("", text, Side ?? '<');
    }

    MarkedText Numeric(object value)
    {
        bool isNegative = value is double number ? double.IsNegative(number) : PythonArithmetic.Whole(value)!.Value.Sign < 0;
        string sign = isNegative ? "-" : Sign == '-' ? "" : Sign.ToString();
        string digits = Amount(value);
        if (Group.Length > 0) digits = Grouped(digits);
        return Padded(sign + Prefix, digits, Side ?? '>');
    }

    string Prefix => IsAlternate && Kind is ('x' or 'X' or 'o' or 'b') ? "0" + Kind : "";

    const string WholeKinds = "dnxXobc", FractionKinds = "fFeE%gGn";

    string Amount(object value)
    {
        bool isWhole = value is not double && (Kind is null || WholeKinds.Contains(Kind.Value));
        if (isWhole) return Whole(BigInteger.Abs(PythonArithmetic.Whole(value)!.Value));
        double amount = Math.Abs(PythonArithmetic.Float(value));
        if (Kind is { } kind) return Fraction(amount, kind);
        return Digits is { } digits ? ExactDecimal.General(amount, digits) : PythonFloat.Text(amount);
    }

    string Fraction(double amount, char kind)
    {
        if (!FractionKinds.Contains(kind))
            throw new TemplateFault(TemplateFault.Value, $"Unknown format code '{kind}' for object of type 'float'");
        int digits = Digits ?? 6;
        string text = char.ToLowerInvariant(kind) switch
        {
            'f' => ExactDecimal.Fixed(amount, digits),
            'e' => ExactDecimal.Scientific(amount, digits),
            '%' => ExactDecimal.Fixed(amount * 100, digits) + "%",
            _ => ExactDecimal.General(amount, digits),
        };
        return char.IsUpper(kind) ? text.ToUpperInvariant() : text;
    }

    string Whole(BigInteger amount) => Kind switch
    {
        'x' => Based(amount, 16),
        'X' => Based(amount, 16).ToUpperInvariant(),
        'o' => Based(amount, 8),
        'b' => Based(amount, 2),
        'c' => PythonPoints.Character(amount),
        _ => amount.ToString(CultureInfo.InvariantCulture),
    };

    static string Based(BigInteger amount, int radix)
    {
        if (amount.IsZero) return "0";
        var digits = new List<char>();
        for (; !amount.IsZero; amount /= radix) digits.Add("0123456789abcdef"[(int)(amount % radix)]);
        digits.Reverse();
        return string.Concat(digits);
    }

    string Grouped(string digits)
    {
        int end = digits.AsSpan().IndexOfAny('.', 'e') is var at && at >= 0 ? at : digits.Length;
        for (int place = end - 3; place > 0; place -= 3) digits = digits.Insert(place, Group);
        return digits;
    }

    MarkedText Padded(string front, MarkedText body, char side)
    {
        int missing = Math.Max(0, Width - front.Length - body.Length);
        var (before, within, behind) = side switch
        {
            '<' => (0, 0, missing),
            '^' => (missing / 2, 0, missing - missing / 2),
            '=' => (0, missing, 0),
            _ => (missing, 0, 0),
        };
        return new TextBuilder().Append(Fill, before).Append(front).Append(Fill, within).Append(body).Append(Fill, behind).ToText();
    }

    [GeneratedRegex(@"^((?<fill>.)?(?<side>[<>=^]))?(?<sign>[-+ ])?(?<alternate>\#)?(?<zero>0)?(?<width>[0-9]*)(?<group>[,_]?)" +
        @"(\.(?<digits>[0-9]+))?(?<kind>[a-zA-Z%])?$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Spec();
}

using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>Python's "%5.1f" % value.</summary>
static partial class PercentFormat
{
    /// <summary>The text with its places filled.</summary>
    /// <param name="text">The text.</param>
    /// <param name="values">A tuple of values, a dict for "%(name)s", or one value.</param>
    public static MarkedText Apply(MarkedText text, object values)
    {
        var builder = new TextBuilder();
        var rest = new Queue<object>(values is PythonTuple tuple ? tuple.Items : [values]);
        int end = 0;
        foreach (Match match in Places().Matches(text.Value))
        {
            builder.Append(text, end, match.Index - end);
            end = match.Index + match.Length;
            if (match.Groups["kind"].Value == "%") builder.Append('%');
            else builder.Append(Filled(match, values, rest));
        }
        builder.Append(text, end, text.Value.Length - end);
        bool isLeft = rest.Count > 0 && values is not PythonDict && !text.Value.Contains("%(", StringComparison.Ordinal);
        if (isLeft) throw new TemplateFault(TemplateFault.Type, "not all arguments converted during string formatting");
        return builder.ToText().As(text.IsMarkup);
    }

    static MarkedText Filled(Match match, object values, Queue<object> rest)
    {
        if (match.Groups["kind"].Value.Length == 0) throw new TemplateFault(TemplateFault.Value, "incomplete format");
        char kind = match.Groups["kind"].Value[0];
        string flags = match.Groups["flags"].Value;
        int width = Size(match.Groups["width"].Value, rest);
        bool isLeft = flags.Contains('-') || width < 0;
        string points = match.Groups["digits"].Value;
        int? digits = points.Length > 0 ? Math.Max(0, Size(points[1..], rest)) : null;
        object value = Value(match, values, rest);
        bool isText = kind is 's' or 'r' or 'a' or 'c';
        bool isZeroFilled = flags.Contains('0') && !isLeft && !isText;
        char side = isLeft ? '<' : isZeroFilled ? '=' : '>';
        char sign = flags.Contains('+') ? '+' : flags.Contains(' ') ? ' ' : '-';
        int least = TemplateLimits.Checked(Math.Abs((long)width));
        var spec = new FormatSpec(isZeroFilled ? '0' : ' ', side, sign, flags.Contains('#'), least, "", digits, Spelled(kind));
        return spec.Apply(isText ? Shown(kind, value) : Number(kind, value));
    }

    static char Spelled(char kind) => kind switch
    {
        'r' or 'a' or 'c' => 's',
        'i' or 'u' => 'd',
        _ => kind,
    };

    static object Shown(char kind, object value) => kind switch
    {
        's' => PythonRepr.Str(value),
        'c' when value is BigInteger point => (MarkedText)PythonPoints.Character(point),
        'c' => value,
        _ => PythonRepr.Marked(value),
    };

    const string DecimalKinds = "diu", WholeKinds = "diuxXo", FractionKinds = "eEfFgG";

    static object Number(char kind, object value)
    {
        if (value is Undefined undefined) throw undefined.Fault();
        if (WholeKinds.Contains(kind)) return Whole(kind, value);
        if (!FractionKinds.Contains(kind)) throw new TemplateFault(TemplateFault.Value, $"unsupported format character '{kind}'");
        return PythonTypes.IsNumber(value)
            ? PythonArithmetic.Float(value)
            : throw new TemplateFault(TemplateFault.Type, $"must be real number, not {PythonTypes.Name(value)}");
    }

    static BigInteger Whole(char kind, object value)
    {
        bool isDecimal = DecimalKinds.Contains(kind);
        if (isDecimal && value is double fraction) return PythonArithmetic.Truncated(fraction);
        string wanted = isDecimal ? "a real number is required" : "an integer is required";
        return PythonArithmetic.Whole(value) ?? throw new TemplateFault(
            TemplateFault.Type, $"%{kind} format: {wanted}, not {PythonTypes.Name(value)}");
    }

    static object Value(Match match, object values, Queue<object> rest)
    {
        string name = match.Groups["name"].Value;
        if (name.Length == 0) return Next(rest);
        if (values is not PythonDict dict) throw new TemplateFault(TemplateFault.Type, "format requires a mapping");
        return dict[(MarkedText)name[1..^1]] ?? throw new TemplateFault(TemplateFault.Key, PythonRepr.Of(name[1..^1]));
    }

    static object Next(Queue<object> rest) => rest.Count > 0
        ? rest.Dequeue()
        : throw new TemplateFault(TemplateFault.Type, "not enough arguments for format string");

    static int Size(string text, Queue<object> rest) => text switch
    {
        "" => 0,
        "*" => PythonTypes.IntArgument(Next(rest)),
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            ? TemplateLimits.Checked(size)
            : throw new TemplateFault(TemplateFault.Value, "width too big"),
    };

    [GeneratedRegex(@"%(?<name>\([^)]*\))?(?<flags>[-#0 +]*)(?<width>\*|[0-9]*)(?<digits>\.(\*|[0-9]*))?[hlL]?(?<kind>.?)",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Places();
}

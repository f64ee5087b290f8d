using System.Numerics;

namespace Lowrank.Language;

/// <summary>Python's operators on values.</summary>
static class PythonArithmetic
{
    /// <summary>The whole number that a value is; null if it is none.</summary>
    public static BigInteger? Whole(object value) => value switch
    {
        BigInteger number => number,
        bool on => on ? 1 : 0,
        _ => null,
    };

    /// <summary>A number as a float.</summary>
    public static double Float(object number) => number as double? ?? (double)Whole(number)!.Value;

    /// <summary>Sum, or two texts or lists as one.</summary>
    public static object Add(object a, object b)
    {
        if (a is MarkedText text && b is MarkedText other) return Concat(text, other);
        if (a is List<object> list && b is List<object> more) return Joined(list, more);
        if (a is PythonTuple tuple && b is PythonTuple behind) return new PythonTuple(Joined(tuple.Items, behind.Items));
        if (IsUndefined(a, b, out var fault)) throw fault;
        if (a is MarkedText or List<object> or PythonTuple)
        {
            string kind = PythonTypes.Name(a);
            throw new TemplateFault(TemplateFault.Type, $"can only concatenate {kind} (not \"{PythonTypes.Name(b)}\") to {kind}");
        }
        return Numbers("+", a, b, (x, y) => x + y, (x, y) => x + y);
    }

    /// <summary>Difference.</summary>
    public static object Subtract(object a, object b) => Numbers("-", a, b, (x, y) => x - y, (x, y) => x - y);

    /// <summary>Product, or a text or list so many times.</summary>
    public static object Multiply(object a, object b)
    {
        if (IsUndefined(a, b, out var fault)) throw fault;
        var (sequence, times) = a is MarkedText or List<object> or PythonTuple ? (a, Whole(b)) : (b, Whole(a));
        if (times is { } count && sequence is (MarkedText or List<object> or PythonTuple)) return Repeated(sequence, count);
        return Numbers("*", a, b, (x, y) => x * y, (x, y) => x * y);
    }

    /// <summary>Quotient, always a float.</summary>
    public static object Divide(object a, object b) => Numbers("/", a, b, Quotient, (x, y) =>
        y == 0 ? throw Zero("float division by zero") : x / y);

    static object Quotient(BigInteger a, BigInteger b) => b.IsZero ? throw Zero("division by zero") : (double)a / (double)b;

    /// <summary>Quotient, rounded down.</summary>
    public static object FloorDivide(object a, object b) => Numbers("//", a, b, FloorQuotient, (x, y) =>
        y == 0 ? throw Zero("float floor division by zero") : Math.Floor(x / y));

    static object FloorQuotient(BigInteger a, BigInteger b)
    {
        if (b.IsZero) throw Zero("integer division or modulo by zero");
        var quotient = BigInteger.DivRem(a, b, out var rest);
        return !rest.IsZero && rest.Sign != b.Sign ? quotient - 1 : quotient;
    }

    /// <summary>What is left of a division that rounds down, or a text with its places filled.</summary>
    public static object Remainder(object a, object b)
    {
        if (a is MarkedText text) return PercentFormat.Apply(text, b);
        return Numbers("%", a, b, Rest, (x, y) => y == 0 ? throw Zero("float modulo by zero") : x - y * Math.Floor(x / y));
    }

    static object Rest(BigInteger a, BigInteger b)
    {
        if (b.IsZero) throw Zero("integer modulo by zero");
        var rest = BigInteger.Remainder(a, b);
        return !rest.IsZero && rest.Sign != b.Sign ? rest + b : rest;
    }

    /// <summary>Power.</summary>
    public static object Power(object a, object b) => Numbers("** or pow()", a, b, WholePower, (x, y) =>
        x == 0 && y < 0 ? throw Zero("zero to a negative power") : Math.Pow(x, y));

    static object WholePower(BigInteger a, BigInteger b)
    {
        if (b.Sign < 0) return a.IsZero ? throw Zero("zero to a negative power") : Math.Pow((double)a, (double)b);
        bool isSmall = BigInteger.Abs(a) <= 1;
        if (isSmall) return a.IsZero && !b.IsZero ? BigInteger.Zero : a.Sign < 0 && !b.IsEven ? BigInteger.MinusOne : BigInteger.One;
        // The size is known before the number is made.
        TemplateLimits.Checked(BigInteger.One << (int)BigInteger.Min(b * BigInteger.Abs(a).GetBitLength(), 1 << 20));
        return BigInteger.Pow(a, (int)b);
    }

    /// <summary>Negative.</summary>
    public static object Negate(object a) => a is double number ? -number : Single("-", a, whole => -whole);

    /// <summary>The number itself.</summary>
    public static object Plus(object a) => a is double ? a : Single("+", a, whole => whole);

    static BigInteger Single(string sign, object a, Func<BigInteger, BigInteger> made)
    {
        if (a is Undefined undefined) throw undefined.Fault();
        return Whole(a) is { } whole
            ? made(whole)
            : throw new TemplateFault(TemplateFault.Type, $"bad operand type for unary {sign}: {PythonRepr.Of(PythonTypes.Name(a))}");
    }

    /// <summary>What int() makes of a fraction.</summary>
    /// <exception cref="TemplateFault">It is infinite, or no number.</exception>
    public static BigInteger Truncated(double fraction)
    {
        if (double.IsNaN(fraction)) throw new TemplateFault(TemplateFault.Value, "cannot convert float NaN to integer");
        if (double.IsInfinity(fraction)) throw new TemplateFault(TemplateFault.Overflow, "cannot convert float infinity to integer");
        return new BigInteger(fraction);
    }

    /// <summary>Both values as text, one behind the other.</summary>
    public static MarkedText Concat(MarkedText a, MarkedText b)
    {
        bool isMarkup = a.IsMarkup || b.IsMarkup;
        if (isMarkup) (a, b) = (HtmlText.Escaped(a), HtmlText.Escaped(b));
        if (a.Value.Length == 0) return b.As(isMarkup);
        if (b.Value.Length == 0) return a.As(isMarkup);
        TemplateLimits.Checked((long)a.Value.Length + b.Value.Length);
        bool isPlain = a.Marks.Count == 0 && b.Marks.Count == 0;
        return isPlain ? new(a.Value + b.Value, null, isMarkup) : new TextBuilder().Append(a).Append(b).ToText().As(isMarkup);
    }

    static List<object> Joined(IReadOnlyList<object> a, IReadOnlyList<object> b)
    {
        TemplateLimits.Checked((long)a.Count + b.Count);
        return [.. a, .. b];
    }

    static object Repeated(object sequence, BigInteger times)
    {
        var length = BigInteger.Max(0, times) * (sequence is MarkedText longText ? longText.Value.Length : PythonTypes.Length(sequence));
        TemplateLimits.Checked((long)BigInteger.Min(length, long.MaxValue));
        int count = length.IsZero ? 0 : (int)times;
        if (sequence is MarkedText text)
        {
            var builder = new TextBuilder();
            for (int i = 0; i < count; i++) builder.Append(text);
            return builder.ToText().As(text.IsMarkup);
        }
        List<object> items = [.. Enumerable.Repeat(PythonTypes.Items(sequence), count).SelectMany(one => one)];
        return sequence is PythonTuple ? new PythonTuple(items) : items;
    }

    static bool IsUndefined(object a, object b, out TemplateFault fault)
    {
        fault = (a as Undefined ?? b as Undefined)?.Fault()!;
        return fault is not null;
    }

    static object Numbers(
        string sign, object a, object b, Func<BigInteger, BigInteger, object> whole, Func<double, double, object> fraction)
    {
        if (Whole(a) is { } x && Whole(b) is { } y)
        {
            object result = whole(x, y);
            return result is BigInteger made ? TemplateLimits.Checked(made) : result;
        }
        if (PythonTypes.IsNumber(a) && PythonTypes.IsNumber(b)) return fraction(Float(a), Float(b));
        if (IsUndefined(a, b, out var fault)) throw fault;
        throw new TemplateFault(TemplateFault.Type, $"unsupported operand type(s) for {sign}: " +
            $"{PythonRepr.Of(PythonTypes.Name(a))} and {PythonRepr.Of(PythonTypes.Name(b))}");
    }

    static TemplateFault Zero(string reason) => new(TemplateFault.Division, reason);
}

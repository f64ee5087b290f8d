using System.Numerics;

namespace Lowrank.Language;

/// <summary>What numbers have by name.</summary>
static class NumberAttributes
{
    static readonly TemplateMethod<object> isInteger = new("is_integer", "", (number, _) =>
        number is not double value || double.IsInteger(value));
    static readonly TemplateMethod<object> bitLength = new("bit_length", "", (number, _) =>
        (BigInteger)(long)BigInteger.Abs(PythonArithmetic.Whole(number)!.Value).GetBitLength());
    static readonly TemplateMethod<object> conjugate = new("conjugate", "", (number, _) => number);

    /// <summary>The attribute of that name; null if there is none.</summary>
    public static object? Find(object number, string name) => name switch
    {
        "real" => number is bool on ? (BigInteger)(on ? 1 : 0) : number,
        "imag" => number is double ? 0.0 : BigInteger.Zero,
        "numerator" when number is not double => PythonArithmetic.Whole(number)!.Value,
        "denominator" when number is not double => BigInteger.One,
        "is_integer" => isInteger.Of(number),
        "bit_length" when number is not double => bitLength.Of(number),
        "conjugate" => conjugate.Of(number),
        _ => null,
    };
}

using System.Globalization;
using System.Numerics;

namespace Lowrank.Language;

/// <summary>Numbers as templates write them, with Python's underscores between digits.</summary>
static class NumberLiteral
{
    /// <summary>A whole number: 12, 0x1f, 0o17, 0b101.</summary>
    public static BigInteger Whole(string text)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        int radix = digits.Length < 2 ? 10 : char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 };
        if (radix == 10) return BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        return digits.Skip(2).Aggregate(BigInteger.Zero, (value, c) => value * radix + Convert.ToInt32(c.ToString(), 16));
    }

    /// <summary>A number with a point or an exponent.</summary>
    public static double Fraction(string text) =>
        double.Parse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Numerics;

namespace Lowrank.Language;

/// <summary>Decimal digits of a double exactly, ties to the even digit, as Python rounds and prints.</summary>
static class ExactDecimal
{
    // Behind them a double has noughts: the smallest is two to the power of −1074.
    const int MostDigits = 1074;

    /// <summary>The number times ten to the digits, rounded to a whole.</summary>
    static BigInteger Scaled(double number, int digits)
    {
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(number));
        int exponent = (int)(bits >> 52);
        BigInteger mantissa = exponent == 0 ? bits & 0xfffffffffffff : (bits & 0xfffffffffffff) | 0x10000000000000;
        int power = Math.Max(exponent, 1) - 1075;
        BigInteger top = mantissa, bottom = BigInteger.One;
        if (power > 0) top <<= power; else bottom <<= -power;
        if (digits > 0) top *= BigInteger.Pow(10, digits); else bottom *= BigInteger.Pow(10, -digits);
        var whole = BigInteger.DivRem(top, bottom, out var rest);
        int half = (rest * 2).CompareTo(bottom);
        return half > 0 || (half == 0 && !whole.IsEven) ? whole + 1 : whole;
    }

    /// <summary>What round() makes of it.</summary>
    public static double Rounded(double number, int digits)
    {
        if (!double.IsFinite(number) || digits > 400) return number;
        if (digits < -400) return 0 * number;
        string text = string.Create(CultureInfo.InvariantCulture, $"{Scaled(number, digits)}E{-digits}");
        double rounded = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.CopySign(rounded, number);
    }

    /// <summary>What "%.2f" makes of its amount, without a sign.</summary>
    public static string Fixed(double number, int digits)
    {
        if (!double.IsFinite(number)) return double.IsNaN(number) ? "nan" : "inf";
        int exact = Math.Min(TemplateLimits.Checked(digits), MostDigits);
        string text = Scaled(number, exact).ToString(CultureInfo.InvariantCulture).PadLeft(exact + 1, '0');
        return digits == 0 ? text : $"{text[..^exact]}.{text[^exact..].PadRight(digits, '0')}";
    }

    /// <summary>What "%.2e" makes of its amount, without a sign.</summary>
    public static string Scientific(double number, int digits)
    {
        if (!double.IsFinite(number)) return double.IsNaN(number) ? "nan" : "inf";
        string format = "e" + Math.Min(digits, 999).ToString(CultureInfo.InvariantCulture);
        string text = Math.Abs(number).ToString(format, CultureInfo.InvariantCulture);
        int at = text.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(text.AsSpan(at + 1), CultureInfo.InvariantCulture);
        char sign = exponent < 0 ? '-' : '+';
        return string.Create(CultureInfo.InvariantCulture, $"{text[..at]}e{sign}{Math.Abs(exponent):00}");
    }

    /// <summary>What "%.3g" makes of its amount, without a sign.</summary>
    public static string General(double number, int digits)
    {
        if (!double.IsFinite(number)) return Fixed(number, 0);
        digits = Math.Clamp(digits, 1, 999);
        string scientific = Scientific(number, digits - 1);
        int at = scientific.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(at + 1), CultureInfo.InvariantCulture);
        bool isFixed = exponent >= -4 && exponent < digits;
        return isFixed ? Trimmed(Fixed(number, Math.Max(0, digits - 1 - exponent))) : Trimmed(scientific[..at]) + scientific[at..];
    }

    static string Trimmed(string text) => text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
}

using System.Globalization;

namespace Lowrank.Torch;

/// <summary>Floats as Python's <c>repr</c> writes them, which is how they stand in what its programs write down.</summary>
public static class PythonFloat
{
    /// <summary>The fewest digits that come back as the same number, and always a point or an exponent: 7.0, 0.1, 1e-05, nan.</summary>
    public static string Text(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        string text = value.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e');
        if (text.AsSpan().IndexOfAny('.', 'e') >= 0) return text;
        // Python goes over to an exponent at 1e16, .NET one place later.
        var digits = text.AsSpan().TrimStart('-');
        if (digits.Length < 17) return text + ".0";
        var mantissa = digits.TrimEnd('0');
        return $"{(value < 0 ? "-" : "")}{mantissa[..1]}{(mantissa.Length > 1 ? "." : "")}{mantissa[1..]}e+{digits.Length - 1}";
    }
}

using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>Numbers as Python's float() and int() read them, which is what the programs do with numbers in prompts.</summary>
public static class PythonNumbers
{
    /// <summary>The number of a text; null where it is none. Blanks around it, "1e-1", ".5", "5.", "1_000", "inf", "nan" do.</summary>
    public static double? Float(string text)
    {
        string bare = text.Trim();
        string unsigned = bare.TrimStart('+', '-');
        if (bare.Length - unsigned.Length > 1 || WithoutUnderscores(unsigned) is not { } digits) return null;
        bool isNegative = bare.StartsWith('-');
        double? value = digits.ToLowerInvariant() switch
        {
            "inf" or "infinity" => double.PositiveInfinity,
            "nan" => double.NaN,
            _ when double.TryParse(digits, Styles, CultureInfo.InvariantCulture, out double read) => read,
            _ => null,
        };
        return isNegative ? -value : value;
    }

    /// <summary>The whole number of a text; null where it is none.</summary>
    public static int? Int(string text)
    {
        string bare = text.Trim();
        if (WithoutUnderscores(bare.TrimStart('+', '-')) is not { } digits || !digits.All(char.IsAsciiDigit)) return null;
        string whole = bare.Replace("_", "", StringComparison.Ordinal);
        return int.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null;
    }

    const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // Underscores stand between digits alone.
    static string? WithoutUnderscores(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '_') continue;
            bool isBetween = i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]);
            if (!isBetween) return null;
        }
        return text.Replace("_", "", StringComparison.Ordinal);
    }
}

using System.Globalization;

namespace Lowrank.Language;

/// <summary>A count of parameters for people: "43K", "1.2B".</summary>
static class SizeLabel
{
    static readonly (double Above, string Letter)[] scales = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (0, "K")];

    /// <summary>The count in two digits at least.</summary>
    public static string Of(long parameters)
    {
        var (above, letter) = scales.First(scale => parameters > scale.Above);
        double scaled = parameters / Math.Max(above, 1e3);
        string whole = Math.Round(scaled).ToString(CultureInfo.InvariantCulture).TrimStart('0');
        return scaled.ToString($"F{Math.Max(0, 2 - whole.Length)}", CultureInfo.InvariantCulture) + letter;
    }

    /// <summary>The count that a label such as "1.7B" tells; null where it tells none.</summary>
    public static double? Count(string label)
    {
        int power = "KMBT".IndexOf(label[^1], StringComparison.Ordinal);
        var digits = label.AsSpan(0, label.Length - 1);
        bool isNumber = double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        return power >= 0 && isNumber ? number * Math.Pow(1000, power + 1) : null;
    }
}

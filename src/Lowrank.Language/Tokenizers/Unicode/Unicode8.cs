using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>
/// Marks, punctuation and control characters as they were in 2015: Hugging Face's tokenizers ask a library of that year for them, so that a
/// sign that came later is none to BERT.
/// </summary>
static class Unicode8
{
    static readonly Lazy<Dictionary<char, (int First, int Last)[]>> classes = new(Read);

    /// <summary>General category Mn.</summary>
    public static bool IsNonSpacingMark(Rune rune) => !rune.IsAscii && Holds('M', rune);

    /// <summary>General category P, and ASCII's signs that Unicode calls symbols.</summary>
    public static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? rune.Value is > ' ' and < 127 && !Rune.IsLetterOrDigit(rune) : Holds('P', rune);

    /// <summary>General categories Cc, Cf and Co.</summary>
    public static bool IsControl(Rune rune) => rune.IsAscii ? Rune.IsControl(rune) : Holds('C', rune);

    static bool Holds(char kind, Rune rune)
    {
        var ranges = classes.Value[kind];
        int low = 0, high = ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (rune.Value < ranges[middle].First) high = middle - 1;
            else if (rune.Value > ranges[middle].Last) low = middle + 1;
            else return true;
        }
        return false;
    }

    static Dictionary<char, (int, int)[]> Read()
    {
        var read = new Dictionary<char, (int, int)[]>();
        using var reader = new StreamReader(typeof(Unicode8).Assembly.GetManifestResourceStream("Unicode8.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            read[line[0]] = [.. line.Split(' ').Skip(1).Select(Range)];
        }
        return read;
    }

    static (int, int) Range(string range)
    {
        string[] ends = range.Split('-');
        return (Hex(ends[0]), Hex(ends[^1]));
    }

    static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

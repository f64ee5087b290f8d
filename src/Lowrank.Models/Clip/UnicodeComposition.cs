using System.Globalization;
using System.Text;

namespace Lowrank.Models;

/// <summary>
/// Unicode normalization form C (UAX #15). .NET's own does nothing where globalization is invariant, and without ICU it must be.
/// </summary>
public static class UnicodeComposition
{
    // Hangul syllables are computed: UAX #15, "Hangul".
    const int FirstSyllable = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, FirstTail = 0x11A7, Leads = 19, Vowels = 21, Tails = 28;

    static readonly Lazy<Tables> tables = new(Read);

    sealed record Tables(Dictionary<int, int[]> Decompositions, Dictionary<(int, int), int> Compositions, Dictionary<int, int> Classes);

    /// <summary>The text in form C: "e" and a combining acute become "é".</summary>
    public static string Compose(string text)
    {
        if (text.All(c => c < 0x300)) return text;   // nothing below combines or decomposes differently
        var decomposed = new List<int>();
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, decomposed);
        Order(decomposed);
        var result = new StringBuilder(text.Length);
        foreach (int codePoint in Recompose(decomposed)) result.Append(new Rune(codePoint));
        return result.ToString();
    }

    /// <summary>Appends the canonical decomposition of a code point, of many levels: itself where it has none.</summary>
    public static void Decompose(int codePoint, List<int> into)
    {
        if (codePoint - FirstSyllable is var syllable and >= 0 and < Leads * Vowels * Tails)
        {
            into.Add(FirstLead + syllable / (Vowels * Tails));
            into.Add(FirstVowel + syllable % (Vowels * Tails) / Tails);
            if (syllable % Tails > 0) into.Add(FirstTail + syllable % Tails);
        }
        else if (tables.Value.Decompositions.TryGetValue(codePoint, out var pieces))
            foreach (int piece in pieces) Decompose(piece, into);
        else
            into.Add(codePoint);
    }

    /// <summary>Its combining class; 0 for a starter.</summary>
    public static int ClassOf(int codePoint) => tables.Value.Classes.GetValueOrDefault(codePoint);

    // Combining marks between two starters, stably by class.
    static void Order(List<int> text)
    {
        for (int i = 1; i < text.Count; i++)
            for (int j = i; j > 0 && ClassOf(text[j]) is > 0 and var own && ClassOf(text[j - 1]) > own; j--)
                (text[j - 1], text[j]) = (text[j], text[j - 1]);
    }

    static List<int> Recompose(List<int> text)
    {
        var result = new List<int>();
        int starter = -1, lastClass = -1;   // position of the last starter in the result; class of what was kept after it
        foreach (int codePoint in text)
        {
            int ownClass = ClassOf(codePoint);
            if (starter >= 0 && (lastClass == -1 || lastClass < ownClass) && Pair(result[starter], codePoint) is { } composed)
            {
                result[starter] = composed;
                continue;
            }
            if (ownClass == 0) (starter, lastClass) = (result.Count, -1);
            else lastClass = ownClass;
            result.Add(codePoint);
        }
        return result;
    }

    /// <summary>What two code points compose to, or null.</summary>
    public static int? Pair(int first, int second)
    {
        if (first - FirstLead is >= 0 and < Leads and var lead && second - FirstVowel is >= 0 and < Vowels and var vowel)
            return FirstSyllable + (lead * Vowels + vowel) * Tails;
        if (first - FirstSyllable is >= 0 and < Leads * Vowels * Tails and var syllable && syllable % Tails == 0
            && second - FirstTail is > 0 and < Tails and var tail)
            return first + tail;
        return tables.Value.Compositions.TryGetValue((first, second), out int composed) ? composed : null;
    }

    static Tables Read()
    {
        var read = new Tables([], [], []);
        using var reader = new StreamReader(typeof(UnicodeComposition).Assembly.GetManifestResourceStream("UnicodeComposition.txt")!);
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line.Split(' ');
            if (fields[0] is "d" or "x")
            {
                int[] pieces = [.. fields.Skip(2).Select(Hex)];
                read.Decompositions[Hex(fields[1])] = pieces;
                if (fields[0] == "d") read.Compositions[(pieces[0], pieces[1])] = Hex(fields[1]);
            }
            else if (fields[0] == "c")
                foreach (string range in fields.Skip(2))
                {
                    string[] ends = range.Split('-');
                    for (int codePoint = Hex(ends[0]); codePoint <= Hex(ends[^1]); codePoint++)
                        read.Classes[codePoint] = int.Parse(fields[1], CultureInfo.InvariantCulture);
                }
        }
        return read;
    }

    static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>
/// Unicode's four normalization forms, with what each code point came from. Without ICU .NET has none (<see cref="UnicodeComposition"/>).
/// </summary>
/// <remarks>Of Unicode 14; those of Hugging Face's tokenizers are older, and leave combining marks that came since unordered.</remarks>
static class NormalizationForms
{
    static readonly Lazy<Dictionary<int, int[]>> compatibility = new(Read);

    /// <summary>The text in a form, as changes of the text that is given; null where it is in that form already for certain.</summary>
    /// <param name="text">The text, without lone surrogates.</param>
    /// <param name="composed">NFC or NFKC; else NFD or NFKD.</param>
    /// <param name="compatible">NFKC or NFKD.</param>
    public static List<Change>? Of(ReadOnlySpan<char> text, bool composed, bool compatible)
    {
        int first = FirstThatMayChange(composed, compatible);
        if (text.IndexOfAnyExceptInRange('\0', (char)(first - 1)) < 0) return null;
        var changes = Decomposed(text, compatible);
        Order(changes);
        return composed ? Composed(changes) : changes;
    }

    // Below these nothing decomposes, and nothing combines.
    static int FirstThatMayChange(bool composed, bool compatible)
    {
        if (compatible) return 0xA0;
        return composed ? 0x300 : 0xC0;
    }

    static List<Change> Decomposed(ReadOnlySpan<char> text, bool compatible)
    {
        var changes = new List<Change>(text.Length + 16);
        var pieces = new List<int>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                changes.Add(new Change(rune, 0));
                continue;
            }
            pieces.Clear();
            if (compatible && compatibility.Value.TryGetValue(rune.Value, out int[]? known)) pieces.AddRange(known);
            else UnicodeComposition.Decompose(rune.Value, pieces);
            for (int i = 0; i < pieces.Count; i++) changes.Add(new Change(new Rune(pieces[i]), i == 0 ? 0 : 1));
        }
        return changes;
    }

    static int ClassOf(Change change) => change.Rune.Value < 0x300 ? 0 : UnicodeComposition.ClassOf(change.Rune.Value);

    // Combining marks between two starters, stably by class.
    static void Order(List<Change> text)
    {
        for (int i = 1; i < text.Count; i++)
        {
            int own = ClassOf(text[i]);
            for (int j = i; own > 0 && j > 0 && ClassOf(text[j - 1]) > own; j--) (text[j - 1], text[j]) = (text[j], text[j - 1]);
        }
    }

    static List<Change> Composed(List<Change> text)
    {
        var result = new List<Change>(text.Count);
        int starter = -1, lastClass = -1;   // position of the last starter in the result; class of what was kept after it
        foreach (var change in text)
        {
            int own = ClassOf(change);
            bool isNear = starter >= 0 && (lastClass == -1 || lastClass < own);
            if (isNear && UnicodeComposition.Pair(result[starter].Rune.Value, change.Rune.Value) is { } composed)
            {
                result[starter] = new Change(new Rune(composed), result[starter].Count + change.Count - 1);
                continue;
            }
            if (own == 0) (starter, lastClass) = (result.Count, -1);
            else lastClass = own;
            result.Add(change);
        }
        return result;
    }

    static Dictionary<int, int[]> Read()
    {
        var read = new Dictionary<int, int[]>();
        using var reader = new StreamReader(typeof(NormalizationForms).Assembly.GetManifestResourceStream("UnicodeCompatibility.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            int[] numbers = [.. line.Split(' ').Select(digits => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            read[numbers[0]] = numbers[1..];
        }
        return read;
    }
}

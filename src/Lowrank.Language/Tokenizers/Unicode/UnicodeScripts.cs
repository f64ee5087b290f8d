using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>The script that a code point belongs to, by Unicode's Script property.</summary>
static class UnicodeScripts
{
    static readonly Lazy<(int[] Starts, string[] Names)> table = new(Read);

    /// <summary>The script's name: <c>Latin</c>, <c>Han</c>, <c>Common</c>.</summary>
    public static string Of(Rune rune)
    {
        var (starts, names) = table.Value;
        int at = Array.BinarySearch(starts, rune.Value);
        return names[at >= 0 ? at : ~at - 1];
    }

    /// <summary>The ranges of a script within UTF-16's single units, ends included; none where there is no such script.</summary>
    public static IEnumerable<(char First, char Last)> RangesOf(string script)
    {
        var (starts, names) = table.Value;
        for (int i = 0; i < starts.Length && starts[i] <= char.MaxValue; i++)
            if (names[i] == script)
                yield return ((char)starts[i], (char)Math.Min((i + 1 < starts.Length ? starts[i + 1] : 0x110000) - 1, char.MaxValue));
    }

    static (int[] Starts, string[] Names) Read()
    {
        var read = new List<(int Start, string Name)>();
        using var reader = new StreamReader(typeof(UnicodeScripts).Assembly.GetManifestResourceStream("UnicodeScripts.txt")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            string[] fields = line.Split(' ');
            read.Add((int.Parse(fields[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), fields[1]));
        }
        return ([.. read.Select(line => line.Start)], [.. read.Select(line => line.Name)]);
    }
}

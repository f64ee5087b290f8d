using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Formats;

/// <summary>Names of a model's files where it lies in several: <c>NAME-00001-of-00003.gguf</c>.</summary>
static partial class PartNames
{
    /// <summary>The names of all of a model's files by that of one, whether they are there or not, its own always; it alone where it is
    /// no part's.</summary>
    public static IEnumerable<string> Beside(string path)
    {
        if (Name().Match(Path.GetFileName(path)) is not { Success: true } match) return [path];
        long count = CountIn(match);
        // Its own number may lie beyond the count.
        return Enumerable.Range(0, (int)count).Select(number => Of(path, number, count)!).Append(path).Distinct();
    }

    /// <summary>The name of a part beside another; null where that one's name does not tell it.</summary>
    /// <param name="path">A part.</param>
    /// <param name="number">Which one is asked for, from 0.</param>
    /// <param name="count">How many there are.</param>
    public static string? Of(string path, int number, long count)
    {
        var match = Name().Match(Path.GetFileName(path));
        if (!match.Success || CountIn(match) != count) return null;
        return Path.Combine(Path.GetDirectoryName(path) ?? "", match.Groups["stem"].Value + Ending(number, count));
    }

    /// <summary>What the name of a part ends in.</summary>
    public static string Ending(int number, long count) =>
        string.Create(CultureInfo.InvariantCulture, $"-{number + 1:D5}-of-{count:D5}.gguf");

    static long CountIn(Match match) => long.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<stem>.*)-(?<number>\d{5})-of-(?<count>\d{5})\.gguf$")]
    private static partial Regex Name();
}

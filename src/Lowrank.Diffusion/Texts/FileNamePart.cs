using System.Text;
using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Texts as parts of file names: without signs that a file system refuses.</summary>
/// <remarks>Source: AUTOMATIC1111 modules/images.py, sanitize_filename_part, at 82a973c.</remarks>
public static partial class FileNamePart
{
    /// <summary>Signs that become an underscore, on every system the same.</summary>
    public const string Refused = "#<>:\"/\\|?*\n\r\t";

    /// <summary>Most letters of a part.</summary>
    public const int Longest = 128;

    /// <summary>
    /// A text with underscores for refused signs and, unless they are kept, for blanks; cut to its length, without blanks before it and
    /// without blanks and points behind it.
    /// </summary>
    public static string Of(string text, bool keepsBlanks = false)
    {
        string whole = string.Concat(text.Select(c => Refused.Contains(c) || c == ' ' && !keepsBlanks ? '_' : c)).TrimStart(' ');
        var cut = new StringBuilder();
        foreach (var letter in whole.EnumerateRunes().Take(Longest)) cut.Append(letter.ToString());
        return cut.ToString().TrimEnd(' ', '.');
    }

    /// <summary>The words of a text without punctuation, the first of them; "empty" for none.</summary>
    public static string Words(string text, int most)
    {
        var words = BetweenWords().Split(text).Where(word => word.Length > 0).Take(most).ToList();
        return Of(words.Count > 0 ? string.Join(' ', words) : "empty", keepsBlanks: true);
    }

    // ASCII's punctuation without the backslash, which the web UI's own expression takes for an escape.
    [GeneratedRegex("""[\s!"#$%&'()*+,\-./:;<=>?@\[\]^_`{|}~]+""")]
    private static partial Regex BetweenWords();
}

using System.Text.RegularExpressions;

namespace Lowrank.Formats;

/// <summary>Names of folders and repositories as GGUF files tell them to people: "tiny-0.5B-chat" as "Tiny 0.5B Chat".</summary>
/// <remarks>Source: llama.cpp at 0c1e570, gguf-py/gguf/metadata.py (id_to_title).</remarks>
public static partial class GgufTitle
{
    /// <summary>Hyphens as spaces, words of small letters with capitals, but for versions and sizes.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var words = name.Replace('-', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words.Select(Word));
    }

    static string Word(string word)
    {
        bool isSmall = word.Any(char.IsLower) && !word.Any(char.IsUpper);
        return !isSmall || Version().IsMatch(word) ? word : Beginning().Replace(word, letter => letter.Value.ToUpperInvariant());
    }

    [GeneratedRegex(@"^(v\d+(\.\d+)*|\d.*)$")]
    private static partial Regex Version();

    // The first of every run of letters.
    [GeneratedRegex(@"(?<!\p{L})\p{Ll}")]
    private static partial Regex Beginning();
}

namespace Lowrank.Cli;

/// <summary>
/// A word that begins with a long dash, as word processors and pages make of an option's hyphens: —width. The parser takes it for a text.
/// </summary>
static class LongDash
{
    static readonly char[] dashes = ['\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212'];

    /// <summary>Whether a word begins so, as no text does that is drawn.</summary>
    public static bool IsIn(string word)
    {
        string bare = Bare(word);
        bool beginsSo = word[..^bare.Length].Any(dashes.Contains);
        return beginsSo && bare.Length > 0 && char.IsAsciiLetter(bare[0]) && !bare.Contains(' ');
    }

    /// <summary>What is said of it, with the option that it may mean.</summary>
    /// <param name="word">The word.</param>
    /// <param name="command">Whose options they are.</param>
    public static string Told(string word, Command command)
    {
        string bare = Bare(word), meant = bare.Length == 1 ? $"-{bare}" : $"--{bare}";
        bool isKnown = command.Options.Any(option => option.Name == meant || option.Aliases.Contains(meant));
        string right = isKnown ? meant : "- or --";
        return $"{word} begins with a long dash, and options with hyphens: write {right}.";
    }

    static string Bare(string word) => word.TrimStart([.. dashes, '-']);
}

using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Numbers at the end of round brackets that weigh nothing, or that nothing can be weighed by.</summary>
public static partial class PromptNumbers
{
    /// <summary>
    /// Those that ComfyUI reads and that are not finite in float32, as in (cat:nan) and (cat:1e99), and words in their place, as in
    /// (cat:more); in sentences.
    /// </summary>
    public static IEnumerable<string> InComfy(string prompt) =>
        from end in BracketEnd().Matches(prompt)
        let number = PythonNumbers.Float(end.Groups[1].Value)
        where number is null ? IsWord(end) : IsTooLarge(number)
        select number is null ? Unread(end) : Spoilt(end);

    /// <summary>
    /// Those that AUTOMATIC1111 does not read, as in (cat:nan) and (cat:1e3), those beyond float32, and words in their place; in sentences.
    /// </summary>
    public static IEnumerable<string> InWebUi(string prompt) =>
        from end in BracketEnd().Matches(prompt)
        let number = PythonNumbers.Float(end.Groups[1].Value)
        where number is not null || IsWord(end)
        let isRead = WebUiNumber().IsMatch(end.Groups[1].Value)
        where !isRead || IsTooLarge(number)
        select isRead ? Spoilt(end) : Unread(end);

    // A word right behind the colon stands where a number was meant; behind a blank, and where there are several, words are words.
    static bool IsWord(Match end) => LoneWord().IsMatch(end.Groups[1].Value);

    static string Unread(Match end) =>
        $"\"{end.Value}\" gives no weight there, and is read as words weighed by 1.1: write one such as 1.2";

    static string Spoilt(Match end) => $"the weight in \"{end.Value}\" is no finite number, and spoils the picture: write one such as 1.2";

    static bool IsTooLarge(double? number) => number is { } value && !float.IsFinite((float)value);

    [GeneratedRegex(""":([^:()]*)(?<!\\)\)""")]
    private static partial Regex BracketEnd();

    [GeneratedRegex("""^\w\S*$""")]
    private static partial Regex LoneWord();

    [GeneratedRegex("""^\s*[+-]?[.0-9]+\s*$""")]
    private static partial Regex WebUiNumber();
}

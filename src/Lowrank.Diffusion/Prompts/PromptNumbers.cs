using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Numbers at the end of round brackets that weigh nothing, or that nothing can be weighed by.</summary>
public static partial class PromptNumbers
{
    /// <summary>Those that ComfyUI reads and that are not finite in float32, as in (cat:nan) and (cat:1e99); in sentences.</summary>
    public static IEnumerable<string> InComfy(string prompt) =>
        from end in BracketEnd().Matches(prompt)
        where IsTooLarge(PythonNumbers.Float(end.Groups[1].Value))
        select Spoilt(end);

    /// <summary>Those that AUTOMATIC1111 does not read, as in (cat:nan) and (cat:1e3), and those beyond float32; in sentences.</summary>
    public static IEnumerable<string> InWebUi(string prompt) =>
        from end in BracketEnd().Matches(prompt)
        let number = PythonNumbers.Float(end.Groups[1].Value)
        where number is not null
        let isRead = WebUiNumber().IsMatch(end.Groups[1].Value)
        where !isRead || IsTooLarge(number)
        select isRead ? Spoilt(end) : $"\"{end.Value}\" gives no weight there, and is read as words weighed by 1.1: write one such as 1.2";

    static string Spoilt(Match end) => $"the weight in \"{end.Value}\" is no finite number, and spoils the picture: write one such as 1.2";

    static bool IsTooLarge(double? number) => number is { } value && !float.IsFinite((float)value);

    [GeneratedRegex(""":([^:()]*)(?<!\\)\)""")]
    private static partial Regex BracketEnd();

    [GeneratedRegex("""^\s*[+-]?[.0-9]+\s*$""")]
    private static partial Regex WebUiNumber();
}

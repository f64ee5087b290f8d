using System.Text.RegularExpressions;

namespace Lowrank.Graphs;

/// <summary>Signs in texts that ComfyUI's interface takes for something before it sends a graph, and its server does not.</summary>
/// <remarks>ComfyUI_frontend 1.27.10: processDynamicPrompt and applyTextReplacements.</remarks>
static partial class FrontendSigns
{
    const string why = "ComfyUI's interface does that before it sends a graph, and its server does not";

    /// <summary>What to say of a prompt that has some; null for none.</summary>
    public static string? InPrompt(string text)
    {
        if (Choice().Match(text) is { Success: true } choice) return $"{choice.Value} is not drawn from, it stays as it is written: {why}";
        return InText(text);
    }

    /// <summary>What to say of another text that names the value of a node, or a date; null for none.</summary>
    public static string? InText(string text) =>
        Filled().Match(text) is { Success: true } filled ? $"{filled.Value} is not filled in, it stays as it is written: {why}" : null;

    /// <summary>A prompt without those of which it says so.</summary>
    public static string WithoutChoices(string text) => Choice().Replace(text, "");

    // Braces may be written behind a backslash, which leaves them as they are.
    [GeneratedRegex(@"(?<!\\)\{[^{}]*\}")]
    private static partial Regex Choice();

    // %KSampler.seed%, %date:yyyy-MM-dd%; but not "100% wool. 50% silk".
    [GeneratedRegex(@"%(?:date:[^%]+|[^%\s.](?:[^%.]*[^%\s.])?\.\w+)%")]
    public static partial Regex Filled();
}

namespace Lowrank.Diffusion;

/// <summary>Words that go around a prompt, or behind it, under a name.</summary>
/// <param name="Name">What a user asks for.</param>
/// <param name="Prompt">The words; <c>{prompt}</c> in them is where the prompt goes. Null where the file's row ends before it.</param>
/// <param name="NegativePrompt">The same for what pictures should not show.</param>
/// <remarks>Source: AUTOMATIC1111 modules/styles.py at 82a973c.</remarks>
public sealed record PromptStyle(string Name, string? Prompt, string? NegativePrompt)
{
    const string Place = "{prompt}";

    /// <summary>A prompt with a style's words: in place of <c>{prompt}</c>, else with a comma between.</summary>
    public static string Merge(string style, string prompt)
    {
        if (style.Contains(Place, StringComparison.Ordinal)) return style.Replace(Place, prompt, StringComparison.Ordinal);
        return string.Join(", ", new[] { prompt.Trim(), style.Trim() }.Where(part => part.Length > 0));
    }

    /// <summary>Both prompts without the style's words; null where they do not have them.</summary>
    public (string Prompt, string NegativePrompt)? Without(string prompt, string negativePrompt)
    {
        string own = Prompt ?? "", ownNegative = NegativePrompt ?? "";
        if (own.Length == 0 && ownNegative.Length == 0) return null;
        if (Rest(own, prompt) is not { } rest) return null;
        return Rest(ownNegative, negativePrompt) is { } negativeRest ? (rest, negativeRest) : null;
    }

    // Null where the prompt does not begin and end with the style's words.
    static string? Rest(string style, string prompt)
    {
        (style, prompt) = (style.Trim(), prompt.Trim());
        int at = style.IndexOf(Place, StringComparison.Ordinal);
        string left = at < 0 ? "" : style[..at], right = at < 0 ? style : style[(at + Place.Length)..];
        bool isAround = prompt.StartsWith(left, StringComparison.Ordinal) && prompt.EndsWith(right, StringComparison.Ordinal);
        if (!isAround) return null;
        string rest = prompt[left.Length..Math.Max(left.Length, prompt.Length - right.Length)];
        bool isBehind = at < 0 && rest.EndsWith(", ", StringComparison.Ordinal);
        return isBehind ? rest[..^2] : rest;
    }
}

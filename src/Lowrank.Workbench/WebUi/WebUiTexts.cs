namespace Lowrank.Workbench;

/// <summary>
/// The prompts of a web UI's job: with styles, without comments, and the tags of adapters taken out where they are encoded.
/// </summary>
sealed class WebUiTexts
{
    /// <summary>Brings them together.</summary>
    public WebUiTexts(WebUiRequest request, StyleSheet styles)
    {
        (Prompt, NegativePrompt) = Styled(request.Prompt, request.NegativePrompt);
        if (request.Hires is not { } hires) return;
        (HiresPrompt, HiresNegativePrompt) = Styled(
            hires.Prompt.Length > 0 ? hires.Prompt : request.Prompt,
            hires.NegativePrompt.Length > 0 ? hires.NegativePrompt : request.NegativePrompt);

        (string, string) Styled(string prompt, string negative)
        {
            var (styled, styledNegative) = styles.Apply(prompt, negative, request.Styles);
            if (!request.Options.StripsComments) return (styled, styledNegative);
            return (WebUiSyntax.WithoutComments(styled), WebUiSyntax.WithoutComments(styledNegative));
        }
    }

    /// <summary>What is said for every picture.</summary>
    public string Prompt { get; }

    /// <summary>What is said against every picture.</summary>
    public string NegativePrompt { get; }

    /// <summary>What is said in the second pass.</summary>
    public string HiresPrompt { get; } = "";

    /// <summary>What is said against in the second pass.</summary>
    public string HiresNegativePrompt { get; } = "";
}

namespace Lowrank.Training;

/// <summary>What is taken of prompts that are drawn.</summary>
public static class PromptAccount
{
    /// <summary>Adds prompts that are cut, and signs that web UIs read and that are plain text here.</summary>
    /// <param name="model">Whose tokenizers count.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="most">Tokens that are taken of each.</param>
    /// <param name="account">Gets the lines.</param>
    public static void Add(StableDiffusion model, IEnumerable<string> prompts, int most, Account account)
    {
        foreach (var prompt in prompts.Distinct())
        {
            if (PromptLength.CutIn(model, prompt, most) is { } cut)
                account.Leaves("prompts_cut", $"the prompt \"{Begun(prompt)}\" has {cut}; {most} are read, which max-tokens raises");
            string[] signs = [.. PromptSigns.In(prompt).Distinct()];
            if (signs.Length > 0)
                account.Leaves("prompts_signs", $"read as plain words: {Listing.Of(signs)}");
        }
    }

    static string Begun(string prompt) => prompt.Length <= 40 ? prompt : prompt[..40] + " ...";
}

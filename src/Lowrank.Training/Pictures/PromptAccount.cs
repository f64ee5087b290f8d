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
                account.Leaves("prompts_cut", $"the prompt \"{Begun(prompt)}\" has {cut}; {most} are read, which `max tokens` raises");
            AddSigns(PromptSigns.In(prompt), account);
        }
    }

    /// <summary>Adds signs that are plain words here.</summary>
    /// <param name="signs">The signs, each with what it would mean elsewhere.</param>
    /// <param name="account">Gets the line.</param>
    public static void AddSigns(IEnumerable<string> signs, Account account)
    {
        string[] distinct = [.. signs.Distinct()];
        if (distinct.Length > 0) account.Leaves("prompts_signs", PromptSigns.AsWords + Listing.Of(distinct));
    }

    static string Begun(string prompt) => prompt.Length <= 40 ? prompt : prompt[..40] + " ...";
}

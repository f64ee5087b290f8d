namespace Lowrank.Training;

/// <summary>What is taken of captions and prompts once the model is there that reads them.</summary>
static class PictureAccount
{
    /// <summary>Adds captions that are cut, and signs of sample prompts that are not read.</summary>
    public static void OfTexts(TrainingRecipe recipe, StableDiffusion model, IReadOnlyList<TrainingPicture> pictures, Account account)
    {
        int most = recipe.Pictures.MaxTokens;
        var cut =
            from picture in pictures
            let place = PromptLength.CutIn(model, picture.Caption, most)
            where place is not null
            select $"{picture.Path} ({place})";
        string[] found = [.. cut];
        if (found.Length > 0)
            account.Leaves("captions_cut",
                $"{Listing.Count(found.Length, "caption")} cut at {most} tokens, which max_tokens raises: {Listing.Of(found)}");
        if (recipe.Pictures.ClipSkip > 1 && StableDiffusionFamilies.IsLarge(model.Family))
            account.Leaves("idle_clip_skip",
                $"clip_skip is {recipe.Pictures.ClipSkip} and is not used: this model's encoders are read at one layer");
        foreach (string file in recipe.Sampling.PromptFiles) account.Takes("sample_prompts", file);
        if (recipe.Sampling.SampleEvery > 0)
            PromptAccount.Add(model, recipe.Sampling.SamplePrompts, SamplingSection.MaxTokens(recipe), account);
    }
}

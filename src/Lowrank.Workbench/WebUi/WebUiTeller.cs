namespace Lowrank.Workbench;

/// <summary>Writes how the pictures of a web UI's job were made, byte for byte as AUTOMATIC1111 does.</summary>
/// <remarks>Source: AUTOMATIC1111, modules/processing.py, create_infotext, at 82a973c.</remarks>
/// <param name="request">The request.</param>
/// <param name="texts">The prompts.</param>
/// <param name="facts">What was told on the way.</param>
/// <param name="model">The model.</param>
/// <param name="vae">The autoencoder of choice; null for the model's own.</param>
/// <param name="labels">Sampler and schedule.</param>
sealed class WebUiTeller(
    WebUiRequest request, WebUiTexts texts, InfoFields facts, WebUiModel model, WebUiVae? vae, WebUiLabels labels)
{
    const string Version = "v1.10.1";

    /// <summary>The schedule that the first pass told; null where it told none.</summary>
    public string? ScheduleTold => facts.Where(fact => fact.Key == InfoLabel.Schedule).Select(fact => fact.Value).FirstOrDefault();

    /// <summary>The text of a picture.</summary>
    /// <param name="seed">Its seed.</param>
    /// <param name="subseed">Its variation seed.</param>
    /// <param name="size">The size of the first pass, as it was asked for.</param>
    /// <param name="showsMask">Whether the model is one for inpainting.</param>
    /// <param name="place">Its place among those that are made at once.</param>
    public string Text(long seed, long subseed, (int Width, int Height) size, bool showsMask, BatchPlace place)
    {
        var fields = Settings(size, showsMask);
        fields.Add(InfoLabel.Seed, seed);
        bool varies = request.SubseedStrength != 0;
        fields.Add(InfoLabel.VariationSeed, varies ? subseed : null);
        foreach (var (field, value) in facts) fields.Add(field, value);
        if (request.Beyond.TellsPlace && place.Of > 1) fields.Add(BatchPlace.Field, place.Text);
        if (request.Hires is not null)
        {
            fields.Add(InfoLabel.HiresPrompt, texts.HiresPrompt == texts.Prompt ? null : texts.HiresPrompt);
            fields.Add(InfoLabel.HiresNegativePrompt, texts.HiresNegativePrompt == texts.NegativePrompt ? null : texts.HiresNegativePrompt);
        }
        return new InfoText(texts.Prompt, texts.NegativePrompt, fields.Ordered).Format();
    }

    // What is the same in all pictures, whatever happens on the way.
    InfoFields Settings((int Width, int Height) size, bool showsMask)
    {
        var options = request.Options;
        var (across, down) = request.SeedResizeFrom;
        return new()
        {
            { InfoLabel.Steps, (long)request.Steps },
            { InfoLabel.Sampler, labels.Sampler },
            { InfoLabel.Schedule, labels.Schedule },
            { InfoLabel.Guidance, request.CfgScale },
            { InfoLabel.Size, $"{size.Width}x{size.Height}" },
            { InfoLabel.ModelHash, options.TellsModelHash ? model.Title.ShortHash : null },
            { InfoLabel.Model, options.TellsModelName ? model.Title.Stem : null },
            { "VAE hash", options.TellsVaeHash ? vae?.Hash : null },
            { "VAE", options.TellsVaeName ? vae?.Name : null },
            { InfoLabel.VariationStrength, request.SubseedStrength == 0 ? null : request.SubseedStrength },
            { InfoLabel.SeedResize, across > 0 && down > 0 ? $"{across}x{down}" : null },
            { "Conditional mask weight", showsMask ? options.MaskWeight : null },
            { InfoLabel.ClipSkip, options.ClipSkip > 1 ? options.ClipSkip : (long?)null },
            { InfoLabel.SeedDelta, UsesSeedDelta ? options.SeedDelta : null },
            { InfoLabel.NoiseSource, options.RandomSource == "GPU" ? null : options.RandomSource },
            { "Tiling", request.Tiling ?? options.Tiling ? true : (bool?)null },
            { InfoLabel.Version, options.TellsVersion ? Version : null },
        };
    }

    bool UsesSeedDelta => request.Options.SeedDelta != 0 && request.UsesSeedDelta(WebUiSamplers.Named(labels.Sampler));
}

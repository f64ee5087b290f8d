namespace Lowrank.Training;

/// <summary>What a run on pictures is made of, by content.</summary>
static class PictureOrigins
{
    static readonly string[] parts =
        ["unet", "vae", "text_encoder", "tokenizer", "text_encoder_2", "tokenizer_2", "scheduler"];

    /// <summary>The pictures with their captions, and the base model.</summary>
    public static IReadOnlyList<TrainingOrigin> Of(TrainingRecipe recipe, StableDiffusion model, PictureFolder folder) =>
    [
        new("pictures", Task.FromResult(folder.Fingerprint()),
            $"other pictures than {recipe.Pictures.Pictures} holds now (files, captions or repeats have changed)"),
        // Some gigabytes: read beside the encoding of pictures.
        new("base_model", Task.Run(() => EncodingCache.HashOf(model, parts)), $"another base model than {recipe.Model.BaseModel} is now"),
    ];
}

using System.Security.Cryptography;
using System.Text;

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
        new("base_model_config", Task.Run(() => HashOf(recipe.Model.BaseModelConfig)),
            "other files of base_model_config than it names now"),
    ];

    /// <summary>Hash of a folder of settings, tokenizers and parts; empty for no folder.</summary>
    internal static string HashOf(string config)
    {
        if (!Directory.Exists(config)) return "";
        var folders = parts.Select(part => Path.Combine(config, part)).Where(Directory.Exists).Prepend(config);
        var files = folders.SelectMany(Directory.GetFiles).Order(StringComparer.Ordinal);
        var told = files.Select(file => $"{Path.GetRelativePath(config, file)} {EncodingCache.HashOf(file)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', told))));
    }
}

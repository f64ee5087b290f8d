namespace Lowrank.Models;

/// <summary>How the parts of a Stable Diffusion are called and lie in a diffusers folder.</summary>
static class FolderParts
{
    /// <summary>Names of the text encoders of a family.</summary>
    internal static IReadOnlyList<string> Texts(string family) => family switch
    {
        "sdxl" => AllTexts,
        StableDiffusionGeneration.Refiner => ["text_encoder_2"],
        _ => ["text_encoder"],
    };

    /// <summary>Names of the text encoders of any family.</summary>
    internal static IReadOnlyList<string> AllTexts { get; } = ["text_encoder", "text_encoder_2"];

    /// <summary>Names of all parts with weights of a family.</summary>
    internal static IReadOnlyList<string> All(string family) => ["unet", "vae", .. Texts(family)];

    /// <summary>Whether a part of any family's folder has weights, by its name.</summary>
    internal static bool HasWeights(string part) => All("sdxl").Contains(part);   // XL's are all there are

    /// <summary>The token that fills up sequences for a text encoder; null means the one that ends them.</summary>
    internal static string? PadOf(string family, int encoder) =>
        family == "sd2" || Texts(family)[encoder] == "text_encoder_2" ? "!" : null;

    /// <summary>The tokenizer's folder of a text encoder.</summary>
    internal static string TokenizerOf(string textPart) => textPart == "text_encoder_2" ? "tokenizer_2" : "tokenizer";

    /// <summary>Name of a part's weights file without its ending.</summary>
    internal static string StemOf(string part) =>
        part.StartsWith("text_encoder", StringComparison.Ordinal) ? "model" : "diffusion_pytorch_model";

    /// <summary>Opens the weights of a folder's part.</summary>
    internal static ITensorFile Open(string folder, string part) => WeightFiles.Open(Path.Combine(folder, part), StemOf(part));

    /// <summary>The diffusers class of a checkpoint.</summary>
    internal static string PipelineOf(string family, bool inpainting)
    {
        // A refiner begins with a picture.
        if (family == StableDiffusionGeneration.Refiner) return "StableDiffusionXLImg2ImgPipeline";
        string large = family == "sdxl" ? "XL" : "", purpose = inpainting ? "Inpaint" : "";
        return $"StableDiffusion{large}{purpose}Pipeline";
    }
}

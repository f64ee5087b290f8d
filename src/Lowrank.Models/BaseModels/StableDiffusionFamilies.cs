namespace Lowrank.Models;

/// <summary>The generations of Stable Diffusion as adapters tell them apart.</summary>
public static class StableDiffusionFamilies
{
    /// <summary>XL's second model, which only finishes what the base model began.</summary>
    internal const string Refiner = "sdxl-refiner";

    const string Stability = "https://github.com/Stability-AI/generative-models";

    /// <summary>Every generation.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        new("sd1")
        {
            Title = "SD 1.x",
            Facts = new("sd_v1", "stable-diffusion-v1"),
            BlockLists = StableDiffusionBlocks.First,
            IsToldBy = static (key, shape) => TakesText(key, shape, 768),
        },
        new("sd2")
        {
            Title = "SD 2.x",
            Facts = new("sd_v2", "stable-diffusion-v2-512") { IsSecondGeneration = true },
            FactsOfVelocity = new("sd_v2_v", "stable-diffusion-v2-768-v") { IsSecondGeneration = true },
            BlockLists = StableDiffusionBlocks.First,
            IsToldBy = static (key, shape) => TakesText(key, shape, 1024),
        },
        new("sdxl")
        {
            Title = "SDXL",
            Facts = new("sdxl_base_v1-0", "stable-diffusion-xl-v1-base") { Implementation = Stability },
            BlockLists = StableDiffusionBlocks.Large,
            IsToldBy = static (key, shape) => IsOfSecondEncoder(key) || TakesText(key, shape, 2048),
        },
        // Its text is as wide as other models' layers, so that a file alone does not tell it.
        new(Refiner)
        {
            Title = "SDXL refiner",
            Facts = new("sdxl_refiner_v1-0", "stable-diffusion-xl-v1-refiner") { Implementation = Stability },
            BlockLists = StableDiffusionBlocks.First,
        },
    ];

    /// <summary>Whether a family is XL or its refiner, which read the last text state but one without norm and are told sizes.</summary>
    public static bool IsLarge(string name) => name is "sdxl" or Refiner;

    /// <summary>The family of that name; one that is none of these has its name alone.</summary>
    public static ModelFamily Of(string name) => All.FirstOrDefault(family => family.Name == name) ?? new ModelFamily(name);

    // Cross-attention's keys and values take in the text, and so has what adapts their input its width; a word is as wide as the text.
    static bool TakesText(string key, long[] shape, long width)
    {
        if (shape is not [_, var own, ..] || own != width || IsOfSecondEncoder(key)) return false;
        bool isCrossAttention = blocks.Any(block => key.Contains(block, StringComparison.Ordinal))
            && key.Contains("attn2", StringComparison.Ordinal)
            && (key.Contains("to_k", StringComparison.Ordinal) || key.Contains("to_v", StringComparison.Ordinal));
        // Where layers have numbers, no other is that wide.
        bool isNumbered = key.StartsWith("unet:", StringComparison.Ordinal) && key.EndsWith(":down", StringComparison.Ordinal);
        bool isWord = key is "emb_params" || key.Contains("string_to_param", StringComparison.Ordinal);
        return isCrossAttention || isNumbered || isWord;
    }

    // Other models have a cross-attention of these widths too, in blocks of other names.
    static readonly string[] blocks = ["down_block", "mid_block", "up_block", "input_block", "middle_block", "output_block"];

    static readonly string[] second = ["lora_te2_", "lora_te2.", "text_encoder_2."];

    // A T5 stands second in some files of other models.
    static bool IsOfSecondEncoder(string key) =>
        second.Any(start => key.StartsWith(start, StringComparison.Ordinal)) && !key.Contains("encoder_block", StringComparison.Ordinal)
        || key.Split('.') is [.., "clip_g"] or ["clip_g", ..] or ["text_encoders", "clip_g", ..];
}

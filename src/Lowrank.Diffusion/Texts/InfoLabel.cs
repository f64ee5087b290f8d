namespace Lowrank.Diffusion;

/// <summary>What AUTOMATIC1111 calls the fields of pictures' texts that several places write or read.</summary>
public static class InfoLabel
{
    /// <summary>How a picture is sampled.</summary>
    public const string Steps = "Steps", Sampler = "Sampler", Schedule = "Schedule type", Guidance = "CFG scale", ClipSkip = "Clip skip",
        Size = "Size";

    /// <summary>The base model, and the one that takes over on the way.</summary>
    public const string Model = "Model", ModelHash = "Model hash", Refiner = "Refiner", RefinerSwitch = "Refiner switch at";

    /// <summary>The noise.</summary>
    public const string Seed = "Seed", VariationSeed = "Variation seed", VariationStrength = "Variation seed strength",
        SeedResize = "Seed resize from", SeedDelta = "ENSD", NoiseSource = "RNG";

    /// <summary>The picture that is changed; the strength is the second pass's where there is none.</summary>
    public const string Strength = "Denoising strength", MaskMode = "Mask mode", MaskBlur = "Mask blur", MaskedArea = "Inpaint area",
        MaskPadding = "Masked area padding";

    /// <summary>The second pass.</summary>
    public const string HiresScale = "Hires upscale", HiresSteps = "Hires steps", HiresUpscaler = "Hires upscaler",
        HiresSampler = "Hires sampler", HiresSchedule = "Hires schedule type", HiresPrompt = "Hires prompt",
        HiresNegativePrompt = "Hires negative prompt", HiresModel = "Hires checkpoint";

    /// <summary>The program that drew.</summary>
    public const string Version = "Version";
}

using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>A model that takes over on the way: SDXL's refiner, or any other of the same latents.</summary>
/// <param name="Model">The model, on the pipeline's device; the caller's.</param>
/// <param name="SwitchAt">
/// Share of the way after which it takes over, 0 to 1, counted by timesteps as AUTOMATIC1111 does ("Refiner switch at"); at 1 it never
/// does. Default 0.8.
/// </param>
public sealed record RefinerOptions(StableDiffusion Model, double SwitchAt = RefinerOptions.UsualSwitch)
{
    /// <summary>Where it takes over if nobody says.</summary>
    public const double UsualSwitch = 0.8;

    /// <summary>A request as its prompts are read for it: its one encoder, where it is XL's refiner, is XL's second.</summary>
    internal GenerateOptions Reading(GenerateOptions options)
    {
        if (Model.Tokenizer2 is not null) return options;
        bool hasNegative = options.NegativePrompts is not null || options.NegativePrompt is not null;
        return options with
        {
            Prompts = options.SecondPrompts ?? options.Prompts,
            SecondPrompts = null,
            NegativePrompts = hasNegative ? options.SecondNegativePrompts ?? options.NegativePrompts : options.NegativePrompts,
            SecondNegativePrompts = null,
        };
    }

    /// <summary>What keeps it from taking over from a model in a request.</summary>
    internal IEnumerable<string> Faults(StableDiffusion model, GenerateOptions options)
    {
        if (!(SwitchAt is >= 0 and <= 1)) yield return $"`refiner at` is {PlainValue.Text(SwitchAt)} (0 to 1)";
        bool sharesLatents = Model.VaeConfig.LatentChannels == model.VaeConfig.LatentChannels
            && Model.VaeConfig.Factor == model.VaeConfig.Factor;
        if (!sharesLatents) yield return $"the refiner {Model.Name} has latents of another shape than {model.Name}";
        if (Model.Scheduler.Prediction != model.Scheduler.Prediction)
            yield return $"the refiner {Model.Name} predicts {Model.Scheduler.Prediction}, and {model.Name} {model.Scheduler.Prediction} " +
                "(the two must agree)";
        if (ShowsMask(Model) && !ShowsMask(model))
            yield return $"the refiner {Model.Name} is an inpainting model, and {model.Name} is none";
        bool hasSecond = options.SecondPrompts is not null || options.SecondNegativePrompts is not null;
        if (hasSecond && !StableDiffusionFamilies.IsLarge(Model.Family))
            yield return $"there are second prompts, which the refiner {Model.Name} has no encoder for";
    }

    /// <summary>Whether a model's network is shown a mask beside the latents.</summary>
    public static bool ShowsMask(StableDiffusion model) => model.UNetConfig.InChannels > model.VaeConfig.LatentChannels;
}

namespace Lowrank.Models;

/// <summary>The base models that can be loaded.</summary>
public static class BaseModels
{
    static readonly string[] first = ["StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline"];
    static readonly string[] large = ["StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline", "StableDiffusionXLInpaintPipeline"];

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<BaseModel> All { get; } =
    [
        new("sd1", "Stable Diffusion 1", first, unet => !unet.UseLinearProjection, Load),
        // 2 came with linear projections around its transformers, whatever its text encoder's width.
        new("sd2", "Stable Diffusion 2", first, unet => unet.UseLinearProjection, Load),
        new("sdxl", "Stable Diffusion XL", large, unet => unet.AddedInputWidth is not null, Load),
    ];

    /// <summary>The kind of a pipeline class with such a network.</summary>
    /// <exception cref="LowrankException">None has that class and shape.</exception>
    internal static BaseModel Of(ModelIndex index, UNetConfig unet)
    {
        var named = All.Where(kind => kind.PipelineClasses.Contains(index.PipelineClass)).ToList();
        if (named.Count == 0)
            throw new LowrankException($"{index.Folder} is a {index.PipelineClass}, which cannot be loaded. " +
                $"Known are {string.Join(", ", All.SelectMany(kind => kind.PipelineClasses).Distinct())}.");
        return named.FirstOrDefault(kind => kind.Fits(unet))
            ?? throw new LowrankException($"{index.Folder} says it is a {index.PipelineClass} ({string.Join(" or ", named.Select(kind => kind.Title))}), " +
                "and unet/config.json describes another network. Do the files belong to one model?");
    }

    static StableDiffusion Load(string folder, Storage storage) => StableDiffusion.Load(folder, storage);
}

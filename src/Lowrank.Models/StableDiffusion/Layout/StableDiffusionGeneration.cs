namespace Lowrank.Models;

/// <summary>A generation of Stable Diffusion: by what it is told from the others, and the shapes that were published.</summary>
/// <param name="Name">"sd1", "sd2", "sdxl" or "sdxl-refiner".</param>
/// <param name="Title">Name for people.</param>
/// <param name="PipelineClasses">Classes of diffusers that a model_index.json may name.</param>
/// <param name="Fits">Whether the denoising network's shape is this generation's, where some share a pipeline class.</param>
/// <param name="UNet">The published network.</param>
/// <param name="Texts">The published text encoders.</param>
sealed record StableDiffusionGeneration(
    string Name,
    string Title,
    IReadOnlyList<string> PipelineClasses,
    Func<UNetConfig, bool> Fits,
    UNetConfig UNet,
    IReadOnlyList<ClipTextConfig> Texts)
{
    static readonly string[] first = ["StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline"];
    static readonly string[] large = ["StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline", "StableDiffusionXLInpaintPipeline"];

    /// <summary>XL's second model, which only finishes what the base model began.</summary>
    internal const string Refiner = StableDiffusionFamilies.Refiner;

    /// <summary>Every generation.</summary>
    public static IReadOnlyList<StableDiffusionGeneration> All { get; } =
    [
        new("sd1", "Stable Diffusion 1", first, unet => !unet.UseLinearProjection, UNetConfig.Sd15, [ClipTextConfig.Sd15]),
        // 2 came with linear projections around its transformers, whatever its text encoder's width.
        new("sd2", "Stable Diffusion 2", first, unet => unet.UseLinearProjection, UNetConfig.Sd21, [ClipTextConfig.Sd21]),
        new("sdxl", "Stable Diffusion XL", large, unet => unet.AddedInputWidth is not null, UNetConfig.Sdxl,
            [ClipTextConfig.Sd15, ClipTextConfig.SdxlSecond]),
        new(Refiner, "Stable Diffusion XL refiner", large, unet => unet.AddedInputWidth is not null, UNetConfig.SdxlRefiner,
            [ClipTextConfig.SdxlSecond]),
    ];

    /// <summary>The generation of that name.</summary>
    internal static StableDiffusionGeneration Named(string name) => All.First(generation => generation.Name == name);

    /// <summary>The generation of the model in a folder, by its index and its network's shape.</summary>
    /// <exception cref="LowrankException">Neither tells, or one cannot be read.</exception>
    internal static StableDiffusionGeneration Of(ModelPlace place)
    {
        // Without a network's settings, the index tells what is amiss.
        if (!place.Holds("unet", "config.json")) ModelIndex.Of(place).FolderOf("unet", nameof(UNet2DConditionModel));
        return Of(place, NetworkOf(place));
    }

    /// <summary>The generation of such a network in a folder; without an index, its shape alone tells.</summary>
    /// <exception cref="LowrankException">The index cannot be read, or no generation has its class and that shape.</exception>
    internal static StableDiffusionGeneration Of(ModelPlace place, UNetConfig unet) =>
        place.HasIndex ? Of(ModelIndex.Of(place), unet) : OfShape(unet);

    // XL fits where SD 2 does, and its refiner where XL does; that one has a level more.
    static StableDiffusionGeneration OfShape(UNetConfig unet)
    {
        bool mayRefine = unet.Levels == UNetConfig.SdxlRefiner.Levels;
        return All.Last(generation => generation.Fits(unet) && (mayRefine || generation.Name != Refiner));
    }

    /// <summary>The denoising network's shape, as a folder says.</summary>
    /// <exception cref="LowrankException">Its settings are missing or unusable.</exception>
    internal static UNetConfig NetworkOf(ModelPlace place) =>
        place.Remember(static one => UNetConfig.Read(one.Inner("unet", "config.json")));

    /// <summary>The generation of a pipeline class with such a network.</summary>
    /// <exception cref="LowrankException">None has that class and shape.</exception>
    internal static StableDiffusionGeneration Of(ModelIndex index, UNetConfig unet)
    {
        var named = All.Where(generation => generation.PipelineClasses.Contains(index.PipelineClass)).ToList();
        if (named.Count == 0)
            throw new LowrankException($"{index.Folder} is a {index.PipelineClass}, which cannot be loaded. " +
                $"Known are {string.Join(", ", All.SelectMany(generation => generation.PipelineClasses).Distinct())}.");
        var fitting = named.Where(generation => generation.Fits(unet)).ToList();
        // XL and its refiner share their classes, and are told apart by their text encoders.
        return fitting.Find(generation => HasTexts(generation, index)) ?? fitting.FirstOrDefault() ?? throw new LowrankException(
            $"{index.Folder} says it is a {index.PipelineClass} ({string.Join(" or ", named.Select(generation => generation.Title))}), " +
            "and unet/config.json describes another network. Do the files belong to one model?");
    }

    static bool HasTexts(StableDiffusionGeneration generation, ModelIndex index) =>
        FolderParts.AllTexts.Where(index.Components.ContainsKey).SequenceEqual(FolderParts.Texts(generation.Name));
}

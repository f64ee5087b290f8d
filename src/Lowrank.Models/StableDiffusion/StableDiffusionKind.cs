namespace Lowrank.Models;

/// <summary>A generation of Stable Diffusion among the kinds of base models.</summary>
/// <param name="generation">The generation.</param>
sealed class StableDiffusionKind(StableDiffusionGeneration generation) : ModelKind(FamilyOf(generation))
{
    /// <summary>A kind for each generation.</summary>
    public static ModelKind[] All { get; } = [.. StableDiffusionGeneration.All.Select(generation => new StableDiffusionKind(generation))];

    /// <inheritdoc/>
    public override string Title => generation.Title;

    /// <inheritdoc/>
    public override bool Recognizes(ModelPlace place) => FamilyOf(place) is { } found && (found == generation.Name || IsRefinerOf(found));

    // The refiner is looked into as one of XL, and refused where it is loaded.
    bool IsRefinerOf(string found) => found == StableDiffusionGeneration.Refiner && generation.Name == "sdxl";

    /// <inheritdoc/>
    public override string? WhyNot(ModelPlace place)
    {
        try
        {
            if (place.File is { } file) ModelCheckpoint.Of(file);
            else if (!place.HasIndex && place.Holds("unet", "config.json")) UNetConfig.Read(place.Inner("unet", "config.json"));
            else ModelSource.OfFolder(place.Path);
            return null;
        }
        catch (LowrankException error)
        {
            return error.Message;
        }
    }

    /// <inheritdoc/>
    public override ModelOutline Outline(ModelPlace place, CheckpointOptions options) => StableDiffusionOutline.Open(place, options);

    /// <inheritdoc/>
    public override ModelOutline Published() => StableDiffusionOutline.Published(generation);

    /// <inheritdoc/>
    public override BaseModel Load(ModelPlace place, Storage storage, CheckpointOptions options) =>
        StableDiffusion.Load(place.Path, storage, options: options);

    /// <inheritdoc/>
    public override BaseModelReport Inspect(ModelPlace place) =>
        place.File is { } file ? CheckpointInspection.Inspect(file) : FolderInspection.Inspect(place.Path);

    // Each has an entry there: one that is missing shows at the program's start.
    static ModelFamily FamilyOf(StableDiffusionGeneration generation) =>
        StableDiffusionFamilies.All.First(family => family.Name == generation.Name);

    // Settings that cannot be read belong to no family; what is wrong with them is told by WhyNot.
    static string? FamilyOf(ModelPlace place)
    {
        if (place.File is { } file) return CheckpointKind.Of(file.Tensors)?.Family;
        if (!place.Holds("unet", "config.json")) return null;
        try
        {
            var unet = UNetConfig.Read(place.Inner("unet", "config.json"));
            return (place.HasIndex ? StableDiffusionGeneration.Of(ModelIndex.Read(place.Path), unet) : StableDiffusionGeneration.Shaped(unet)).Name;
        }
        catch (LowrankException)
        {
            return null;
        }
    }
}

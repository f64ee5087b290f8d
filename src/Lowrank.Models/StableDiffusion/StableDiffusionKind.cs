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
    public override bool Recognizes(ModelPlace place) => FamilyOf(place) == generation.Name;

    /// <inheritdoc/>
    public override string? WhyNot(ModelPlace place)
    {
        if (LanguageFolder.FaultIn(place) is not null) return null;
        try
        {
            if (place.File is null) StableDiffusionGeneration.Of(place);
            else ModelCheckpoint.Of(place);
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
        StableDiffusion.Load(place, storage, options);

    /// <inheritdoc/>
    public override BaseModelReport Inspect(ModelPlace place) =>
        place.File is null ? FolderInspection.Inspect(place) : CheckpointInspection.Inspect(place);

    // Each has an entry there: one that is missing shows at the program's start.
    static ModelFamily FamilyOf(StableDiffusionGeneration generation) =>
        StableDiffusionFamilies.All.First(family => family.Name == generation.Name);

    static string? FamilyOf(ModelPlace place) =>
        place.File is null ? place.Remember(GenerationIn)?.Name : CheckpointKind.Of(place)?.Family;

    // Settings that cannot be read belong to no generation; what is wrong with them is told by WhyNot.
    static StableDiffusionGeneration? GenerationIn(ModelPlace folder)
    {
        if (!folder.Holds("unet", "config.json")) return null;
        try
        {
            return StableDiffusionGeneration.Of(folder);
        }
        catch (LowrankException)
        {
            return null;
        }
    }
}

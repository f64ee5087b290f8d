namespace Lowrank.Models;

/// <summary>A Stable Diffusion that is not loaded. Parts that no adapter changes (the autoencoder, tokenizers) need not be there.</summary>
sealed class StableDiffusionOutline : ModelOutline
{
    StableDiffusionOutline(string location, string family, IReadOnlyList<OutlinePart> parts, ModelCheckpoint? checkpoint = null)
        : base(location, Describe(family, parts), [.. parts.Select(part => part.Weights).OfType<PartWeights>()]) => Checkpoint = checkpoint;

    /// <summary>The checkpoint, if it is one.</summary>
    internal ModelCheckpoint? Checkpoint { get; }

    /// <summary>Opens a diffusers folder or a single-file checkpoint.</summary>
    /// <exception cref="LowrankException">No such model, or settings that are not known.</exception>
    internal static StableDiffusionOutline Open(ModelPlace place, CheckpointOptions options) =>
        place.File is null ? OpenFolder(place) : OpenCheckpoint(place, options);

    /// <summary>The published shape of a generation.</summary>
    internal static StableDiffusionOutline Published(StableDiffusionGeneration generation)
    {
        var texts = FolderParts.Texts(generation.Name).Zip(generation.Texts,
            (part, config) => new OutlinePart(part, new ClipTextModel(config, Nowhere)));
        var unet = new OutlinePart("unet", new UNet2DConditionModel(generation.UNet, Nowhere));
        return new(generation.Title, generation.Name, [unet, .. texts]);
    }

    static StableDiffusionOutline OpenCheckpoint(ModelPlace place, CheckpointOptions options)
    {
        var checkpoint = ModelCheckpoint.Take(place, options);
        var parts = new List<OutlinePart>();
        try
        {
            if (checkpoint.Foreign is { Count: > 0 } foreign && !options.AllowUnmatched)
                throw new LowrankException($"{place.Path} holds {foreign.Count} tensors that " +
                    $"a {checkpoint.Kind.Title} model does not have and that may change what its weights mean: " +
                    $"{string.Join(", ", foreign.Take(8))}. " +
                    "Is it of another kind, or quantized? To pass them over: CheckpointOptions.AllowUnmatched.");
            foreach (string part in checkpoint.Kind.Parts.Where(part => part != "vae").OrderByDescending(part => part == "unet"))
            {
                nn.Module module = part == "unet"
                    ? new UNet2DConditionModel(checkpoint.UNetBlocks, Nowhere)
                    : new ClipTextModel(checkpoint.TextConfig(part), Nowhere);
                parts.Add(new(part, module, checkpoint.Part(part)));
            }
            return new(place.Path, checkpoint.Kind.Family, parts, checkpoint);
        }
        catch
        {
            foreach (var part in parts) part.Dispose();
            checkpoint.Dispose();
            throw;
        }
    }

    static StableDiffusionOutline OpenFolder(ModelPlace place)
    {
        string folder = place.Path;
        var unet = StableDiffusionGeneration.NetworkOf(place);
        var generation = StableDiffusionGeneration.Of(place, unet);
        var parts = new List<OutlinePart>();
        try
        {
            parts.Add(new("unet", new UNet2DConditionModel(unet, Nowhere), FolderParts.Open(folder, "unet")));
            foreach (string part in FolderParts.Texts(generation.Name).Where(part => Directory.Exists(place.Inner(part))))
            {
                var text = ClipTextConfig.Read(place.Inner(part, "config.json"));
                parts.Add(new(part, new ClipTextModel(text, Nowhere), FolderParts.Open(folder, part)));
            }
            return new(folder, generation.Name, parts);
        }
        catch
        {
            foreach (var part in parts) part.Dispose();
            throw;
        }
    }

    static ModelDescription Describe(string family, IReadOnlyList<OutlinePart> parts) =>
        StableDiffusionComponents.Describe(family, parts.Select(part => (part.Name, part.Module)));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) Checkpoint?.Dispose();
    }
}

namespace Lowrank.Models;

/// <summary>
/// A base model that is not loaded: which layers it has, in which shapes, and its weights one at a time from where they lie. Enough for all
/// that is done with files: converting and merging adapters, comparing and extracting them.
/// </summary>
public sealed class ModelOutline : IDisposable
{
    sealed record OpenPart(string Name, nn.Module Module, ITensorFile? File, IReadOnlyDictionary<string, string> Stored);

    // On the meta device a tensor is its shape alone.
    static readonly Storage nowhere = new(ScalarType.Float32, new Device(DeviceType.META));

    readonly List<OpenPart> parts = [];
    readonly Lazy<ModelDescription> description;

    ModelOutline(string location, string family)
    {
        (Location, Family) = (location, family);
        description = new(() => new ModelDescription(family, [.. parts.Select(part => new ModelComponent(part.Name, part.Module,
            part.Module is UNet2DConditionModel unet ? new() { ["ldm"] = UNet2DConditionModel.LdmNames(unet.Config) } : new Dictionary<string, KeyMap>()))]));
    }

    /// <summary>The folder or file; for a published shape, its name.</summary>
    public string Location { get; }

    /// <summary>"sd1", "sd2", "sdxl"; "sdxl-refiner".</summary>
    public string Family { get; }

    /// <summary>Whether it has weights, or is a published shape alone.</summary>
    public bool HasWeights => parts.Exists(part => part.File is not null);

    /// <summary>The checkpoint, if it is one.</summary>
    internal ModelCheckpoint? Checkpoint { get; private init; }

    /// <summary>Opens a model. Parts that no adapter changes (the autoencoder, tokenizers) need not be there.</summary>
    /// <param name="path">A diffusers folder or a single-file checkpoint.</param>
    /// <param name="options">What a checkpoint cannot say of itself.</param>
    /// <exception cref="LowrankException">No such folder or file, no such model, or settings that are not known.</exception>
    public static ModelOutline Open(string path, CheckpointOptions? options = null) =>
        System.IO.File.Exists(path) && Path.GetFileName(path) != "model_index.json" ? OpenCheckpoint(path, options ?? new()) : OpenFolder(path);

    /// <summary>
    /// The published shape of a family, without weights: enough to place the keys of an adapter that was made for such a model.
    /// </summary>
    /// <param name="family">"sd1", "sd2", "sdxl".</param>
    /// <exception cref="LowrankException">No such family.</exception>
    public static ModelOutline Published(string family)
    {
        var (unet, texts) = family switch
        {
            "sd1" => (UNetConfig.Sd15, (ClipTextConfig[])[ClipTextConfig.Sd15]),
            "sd2" => (UNetConfig.Sd21, [ClipTextConfig.Sd21]),
            "sdxl" => (UNetConfig.Sdxl, [ClipTextConfig.Sd15, ClipTextConfig.SdxlSecond]),
            _ => throw new LowrankException($"no family \"{family}\"; there are {string.Join(", ", BaseModels.All.Select(kind => kind.Family))}"),
        };
        var outline = new ModelOutline(BaseModels.All.First(kind => kind.Family == family).Title, family);
        outline.Add("unet", new UNet2DConditionModel(unet, nowhere), null);
        foreach (var (index, text) in texts.Index()) outline.Add(ModelSource.TextParts(family)[index], new ClipTextModel(text, nowhere), null);
        return outline;
    }

    /// <summary>Layers of shapes alone, such as those that an adapter names.</summary>
    /// <param name="location">What they are called in messages.</param>
    /// <param name="model">The layers; their modules are taken over.</param>
    public static ModelOutline Of(string location, ModelDescription model)
    {
        var outline = new ModelOutline(location, model.Family);
        foreach (var component in model.Components) outline.Add(component.Name, component.Module, null);
        return outline;
    }

    /// <summary>The model as adapters see it; its layers have shapes and no values.</summary>
    public ModelDescription Describe() => description.Value;

    /// <summary>
    /// A target's weight or bias ("weight", "bias") in the stored dtype and the layer's shape; null where the layer has none. It belongs to
    /// the caller's scope.
    /// </summary>
    /// <exception cref="LowrankException">The outline has no weights.</exception>
    public Tensor? Weight(Target target, string part) => HasWeights ? Read($"{target.Path}.{part}")
        : throw new LowrankException($"the weight of {target} is needed, and only the shape of {Location} is known. Give the base model (--base-model).");

    /// <summary>
    /// A tensor by component and own name (<c>unet.conv_in.weight</c>), in its stored dtype; null where there is none. It belongs to the
    /// caller's scope.
    /// </summary>
    public Tensor? Read(string name)
    {
        int dot = name.IndexOf('.');
        return parts.Find(open => open.Name == name[..dot]) is { File: { } file, Stored: var stored } && stored.TryGetValue(name[(dot + 1)..], out var key) ? file.Read(key) : null;
    }

    /// <summary>Names of all its tensors, as <see cref="Read"/> takes them.</summary>
    public IReadOnlySet<string> Names => names ??= parts.SelectMany(part => part.Stored.Keys.Where(own => !ClipTextModel.IsPositionIds(own)).Select(own => $"{part.Name}.{own}")).ToHashSet();

    HashSet<string>? names;

    /// <summary>
    /// A folder's part: its file and the stored names by the published ones; null for one that it does not have, or that no adapter
    /// changes.
    /// </summary>
    internal (ITensorFile File, IReadOnlyDictionary<string, string> Stored)? PartOf(string name) =>
        parts.Find(part => part.Name == name) is { File: { } file, Stored: var stored } ? (file, stored) : null;

    /// <summary>Closes its files.</summary>
    public void Dispose()
    {
        foreach (var part in parts)
        {
            part.Module.Dispose();
            part.File?.Dispose();
        }
        Checkpoint?.Dispose();
    }

    static ModelOutline OpenCheckpoint(string path, CheckpointOptions options)
    {
        var checkpoint = ModelCheckpoint.Open(path, options);
        var outline = new ModelOutline(path, checkpoint.Kind.Family) { Checkpoint = checkpoint };
        try
        {
            if (checkpoint.Foreign is { Count: > 0 } foreign && !options.AllowUnknownKeys)
                throw new LowrankException($"{path} holds {foreign.Count} tensors that a {checkpoint.Kind.Title} model does not have and that may change what its weights mean: " +
                    $"{string.Join(", ", foreign.Take(8))}. Is it of another kind, or quantized? To pass them over: --allow-unmatched (CheckpointOptions.AllowUnknownKeys).");
            foreach (string part in checkpoint.Kind.Parts.Where(part => part != "vae").OrderByDescending(part => part == "unet"))
                outline.Add(part, part == "unet" ? new UNet2DConditionModel(checkpoint.UNetBlocks, nowhere) : new ClipTextModel(checkpoint.TextConfig(part), nowhere), checkpoint.Part(part));
            return outline;
        }
        catch
        {
            outline.Dispose();
            throw;
        }
    }

    static ModelOutline OpenFolder(string folder)
    {
        if (Path.GetFileName(folder) == "model_index.json") folder = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        string settings = Path.Combine(folder, "unet", "config.json");
        // Without an index, the network's shape tells the family.
        var index = System.IO.File.Exists(Path.Combine(folder, "model_index.json")) || !System.IO.File.Exists(settings) ? ModelIndex.Read(folder) : null;
        var unet = UNetConfig.Read(settings);
        var outline = new ModelOutline(folder, (index is null ? BaseModels.All.Last(kind => kind.Fits(unet)) : BaseModels.Of(index, unet)).Family);
        try
        {
            outline.Add("unet", new UNet2DConditionModel(unet, nowhere), ModelSource.OpenPart(folder, "unet"));
            foreach (string part in ModelSource.TextParts(outline.Family).Where(part => Directory.Exists(Path.Combine(folder, part))))
                outline.Add(part, new ClipTextModel(ClipTextConfig.Read(Path.Combine(folder, part, "config.json")), nowhere), ModelSource.OpenPart(folder, part));
            return outline;
        }
        catch
        {
            outline.Dispose();
            throw;
        }
    }

    void Add(string name, nn.Module module, ITensorFile? file) =>
        parts.Add(new(name, module, file, file is null ? new() : Weights.Named(file, name == "unet" ? null : ClipTextModel.PublishedName)));
}

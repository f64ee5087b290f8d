namespace Lowrank.Adapters;

/// <summary>
/// The layers that an adapter's own keys or metadata name, as a model of shapes alone: enough to convert and compare adapters of models
/// that are not known here, such as language models.
/// </summary>
public static class AdapterOutline
{
    /// <summary>The field of the metadata in which files that we write tell their layers.</summary>
    public const string Told = ToldLayers.Field;

    /// <summary>
    /// A model of the one component "model" that has the layers which files name; null where neither the dialect's names are paths nor the
    /// metadata tells them, or no layer's shape is told.
    /// </summary>
    /// <remarks>A convolution is taken to be of one group.</remarks>
    /// <param name="file">One whose dialect names layers by their paths, or a file that we wrote.</param>
    public static ModelDescription? Of(ITensorFile file) => Of([file]);

    /// <summary>The same of several files for one model.</summary>
    /// <param name="files">The files.</param>
    /// <param name="withWhole">Whether whole tensors (PEFT's modules_to_save) are layers of it; the base model may not have them.</param>
    /// <exception cref="LowrankException">The files disagree about a layer's shape.</exception>
    public static ModelDescription? Of(IReadOnlyList<ITensorFile> files, bool withWhole = true)
    {
        var layers = new Dictionary<string, (LayerKind Kind, long[] Shape)>();
        foreach (var file in files)
        {
            if (Dialects.Recognizing(file) is not [var dialect]) return null;
            var own = file.Metadata.TryGetValue(Told, out var told) ? FromMetadata(told) : FromNames(file, dialect, withWhole);
            foreach (var (path, kind, shape) in own) NamedLayers.Add(layers, path, (kind, shape));
        }
        return layers.Count == 0 || !layers.Keys.All(NamedLayers.IsName) ? null : ModelDescription.Of(NamedLayers.Of(null, [], layers));
    }

    /// <summary>Whether a file's names of layers are paths in its model.</summary>
    public static bool HasPaths(ITensorFile file) => Dialects.Recognizing(file) is [var dialect]
        && AdapterInspection.Inspect(file).Modules.Any(module => dialect.Spelling.PathOf(module.Name) is not null);

    static IEnumerable<(string Path, LayerKind Kind, long[] Shape)> FromNames(ITensorFile file, Dialect dialect, bool withWhole)
    {
        foreach (var module in AdapterInspection.Inspect(file).Modules)
        {
            bool isWhole = module.Method == Replacement.Descriptor.Name;
            if (isWhole && !withWhole || dialect.Spelling.PathOf(module.Name) is not { } path) continue;
            if (NamedLayers.ShapeOf(file, dialect, module) is var (kind, shape)) yield return (path, kind, shape);
        }
    }

    static IEnumerable<(string Path, LayerKind Kind, long[] Shape)> FromMetadata(string told) => ToldLayers.In(told)
        .Where(layer => IsShape(layer.Kind, layer.Sizes))
        .Select(layer => (layer.Path, layer.Kind, NamedLayers.Stored(layer.Kind, layer.Sizes[0], layer.Sizes[1], layer.Sizes[2..])));

    // Outputs, inputs, and the kernel of those that convolve.
    static bool IsShape(LayerKind kind, long[] sizes) => kind switch
    {
        LayerKind.Norm => sizes is [_, 1],
        LayerKind.Conv1d or LayerKind.ConvTranspose1d => sizes.Length == 3,
        LayerKind.Conv2d or LayerKind.ConvTranspose2d => sizes.Length == 4,
        LayerKind.Conv3d or LayerKind.ConvTranspose3d => sizes.Length == 5,
        _ => sizes.Length == 2,
    };
}

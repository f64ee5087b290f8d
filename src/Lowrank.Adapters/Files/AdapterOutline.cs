using Lowrank.Torch.Layers;
using Storage = Lowrank.Torch.Layers.Storage;

namespace Lowrank.Adapters;

/// <summary>
/// The layers that an adapter's own keys or metadata name, as a model of shapes alone: enough to convert and compare adapters of models
/// that are not known here, such as language models.
/// </summary>
public static class AdapterOutline
{
    /// <summary>The field of the metadata in which files that we write tell their layers.</summary>
    public const string Told = ToldLayers.Field;

    // What a damaged file may claim.
    const int DeepestPath = 64;

    // On the meta device a tensor is its shape alone.
    static readonly Storage nowhere = new(ScalarType.Float32, new Device(DeviceType.META));

    /// <summary>
    /// A model of the one component "model" that has those layers; null where neither the dialect's names are paths nor the metadata tells
    /// them, or no layer's shape is told, or one layer stands inside another.
    /// </summary>
    /// <remarks>
    /// Whole tensors (PEFT's modules_to_save) are no layers of it: the base model may not have them. A convolution is taken to be of one
    /// group.
    /// </remarks>
    /// <param name="file">One whose dialect names layers by their paths, or a file that we wrote.</param>
    public static ModelDescription? Of(ITensorFile file)
    {
        if (Dialects.Recognizing(file) is not [var dialect]) return null;
        var layers = file.Metadata.TryGetValue(Told, out var told) ? FromMetadata(told) : FromNames(file, dialect);
        var paths = layers.Select(l => l.Path).ToHashSet();
        bool isModel = layers.Count > 0 && paths.All(IsPath) && !paths.SelectMany(Above).Any(paths.Contains);
        return isModel ? ModelDescription.Of(new Tree(layers)) : null;
    }

    static bool IsPath(string path)
    {
        var names = path.Split('.');
        return names.Length <= DeepestPath && !names.Contains("");
    }

    static List<(string Path, nn.Module Layer)> FromNames(ITensorFile file, Dialect dialect)
    {
        var layers = new List<(string Path, nn.Module Layer)>();
        foreach (var module in AdapterInspection.Inspect(file).Modules)
        {
            if (module.Method == Replacement.Descriptor.Name || dialect.Spelling.PathOf(module.Name) is not { } path) continue;
            if (module is not { Out: { } outputs, In: { } inputs }) continue;
            var at = new FiledLayer(file, module.Name, Methods.Named(module.Method));
            var kind = dialect.Layout.KindOf(at, module.Keys.Values, module.Kernel.Length);
            if (Layer(kind, outputs, inputs, module.Kernel) is { } layer) layers.Add((path, layer));
        }
        return layers;
    }

    static List<(string Path, nn.Module Layer)> FromMetadata(string told)
    {
        var layers = new List<(string Path, nn.Module Layer)>();
        foreach (var (path, kind, sizes) in ToldLayers.In(told))
            if (Layer(kind, sizes[0], sizes[1], sizes[2..]) is { } layer) layers.Add((path, layer));
        return layers;
    }

    // A layer holds no other layers.
    static IEnumerable<string> Above(string path)
    {
        for (int dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1)) yield return path[..dot];
    }

    static nn.Module? Layer(LayerKind kind, long outputs, long inputs, long[] kernel) => (kind, kernel) switch
    {
        (LayerKind.Embedding, []) => new Embedding(inputs, outputs, nowhere),
        (LayerKind.TransposedLinear, []) => new Conv1D(inputs, outputs, nowhere),
        (LayerKind.Linear, []) => new Linear(inputs, outputs, storage: nowhere),
        (LayerKind.Conv1d, [var size]) => new Conv1d(inputs, outputs, size, storage: nowhere),
        (LayerKind.Conv2d, [var size, var other]) when size == other => new Conv2d(inputs, outputs, size, storage: nowhere),
        _ => null,
    };

    // Layers at their paths.
    sealed class Tree : nn.Module
    {
        public Tree(IReadOnlyList<(string Path, nn.Module Layer)> layers) : base(nameof(Tree))
        {
            foreach (var level in layers.GroupBy(l => l.Path.Split('.')[0]))
            {
                var (path, layer) = level.First();
                register_module(level.Key, path == level.Key ? layer : Below(level));
            }
        }

        static Tree Below(IGrouping<string, (string Path, nn.Module Layer)> level) =>
            new([.. level.Select(l => (l.Path[(level.Key.Length + 1)..], l.Layer))]);
    }
}

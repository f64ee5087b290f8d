using Storage = Lowrank.Torch.Storage;

namespace Lowrank.Adapters;

/// <summary>The layers that an adapter's own keys name, as a model of shapes alone: enough to convert and compare adapters of models that are not known here, such as language models.</summary>
public static class AdapterOutline
{
    // On the meta device a tensor is its shape alone.
    static readonly Storage nowhere = new(ScalarType.Float32, new Device(DeviceType.META));

    /// <summary>A model of the one component "model" that has those layers; null where the dialect's names are no paths, or no layer's shape is told, or one layer stands inside another.</summary>
    /// <remarks>Whole tensors (PEFT's modules_to_save) are no layers of it: the base model may not have them. A convolution is taken to be of one group.</remarks>
    /// <param name="file">PEFT's folder, which tells GPT-2's transposed layers too, or loralib's state dict.</param>
    public static ModelDescription? Of(ITensorFile file)
    {
        if (Dialects.Recognizing(file) is not [var dialect]) return null;
        bool transposed = file is PeftFolder { Config.IsTransposed: true };
        var layers = new List<(string Path, nn.Module Layer)>();
        foreach (var module in AdapterInspection.Inspect(file).Modules)
            if (module.Method != Replacement.Descriptor.Name && dialect.PathOf(module.Name) is { } path && Layer(module, transposed) is { } layer) layers.Add((path, layer));
        var paths = layers.Select(l => l.Path).ToHashSet();
        return layers.Count == 0 || layers.Exists(l => l.Path.Split('.').Contains("") || Above(l.Path).Any(paths.Contains)) ? null : ModelDescription.Of(new Tree(layers));
    }

    // A layer holds no other layers.
    static IEnumerable<string> Above(string path)
    {
        for (int dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1)) yield return path[..dot];
    }

    static nn.Module? Layer(AdapterModule module, bool transposed) => module switch
    {
        { Out: not { } } or { In: not { } } => null,
        { Kernel: [], Out: { } outputs, In: { } inputs } => module.Keys.Values.Any(key => key.Contains("lora_embedding_", StringComparison.Ordinal)) ? new Embedding(inputs, outputs, nowhere)
            : transposed ? new Conv1D(inputs, outputs, nowhere) : new Linear(inputs, outputs, storage: nowhere),
        { Kernel: [var kernel], Out: { } outputs, In: { } inputs } => new Conv1d(inputs, outputs, kernel, storage: nowhere),
        { Kernel: [var kernel, var other], Out: { } outputs, In: { } inputs } when kernel == other => new Conv2d(inputs, outputs, kernel, storage: nowhere),
        _ => null,
    };

    // Layers at their paths.
    sealed class Tree : nn.Module
    {
        public Tree(IReadOnlyList<(string Path, nn.Module Layer)> layers) : base(nameof(Tree))
        {
            foreach (var level in layers.GroupBy(l => l.Path.Split('.')[0]))
                register_module(level.Key, level.First() is var (path, layer) && path == level.Key ? layer : new Tree([.. level.Select(l => (l.Path[(level.Key.Length + 1)..], l.Layer))]));
        }
    }
}

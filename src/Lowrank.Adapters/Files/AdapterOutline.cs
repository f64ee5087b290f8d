using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Storage = Lowrank.Torch.Storage;

namespace Lowrank.Adapters;

/// <summary>The layers that an adapter's own keys or metadata name, as a model of shapes alone: enough to convert and compare adapters of models that are not known here, such as language models.</summary>
public static class AdapterOutline
{
    /// <summary>The metadata of files that we write for a model that is none of the published ones, since most dialects' names are no paths: {"h.0.c_attn": "TransposedLinear 2304 768"}, the outputs
    /// first, then the inputs and a convolution's kernel.</summary>
    public const string Told = "lowrank_layers";

    // What a damaged file may claim: a weight's number of elements stays a long.
    const int DeepestPath = 64;
    const long LargestWidth = 1 << 20, LargestKernel = 1 << 10;

    // On the meta device a tensor is its shape alone.
    static readonly Storage nowhere = new(ScalarType.Float32, new Device(DeviceType.META));

    /// <summary>A model of the one component "model" that has those layers; null where neither the dialect's names are paths nor the metadata tells them, or no layer's shape is told, or one layer
    /// stands inside another.</summary>
    /// <remarks>Whole tensors (PEFT's modules_to_save) are no layers of it: the base model may not have them. A convolution is taken to be of one group.</remarks>
    /// <param name="file">PEFT's folder, which tells GPT-2's transposed layers too, loralib's state dict, or a file that we wrote.</param>
    public static ModelDescription? Of(ITensorFile file)
    {
        if (Dialects.Recognizing(file) is not [var dialect]) return null;
        var layers = file.Metadata.TryGetValue(Told, out var told) ? FromMetadata(told) : FromNames(file, dialect);
        var paths = layers.Select(l => l.Path).ToHashSet();
        return layers.Count == 0 || layers.Exists(l => l.Path.Split('.') is var names && (names.Length > DeepestPath || names.Contains("")) || Above(l.Path).Any(paths.Contains))
            ? null : ModelDescription.Of(new Tree(layers));
    }

    /// <summary>Metadata with the adapted layers, where no published model has them.</summary>
    internal static IReadOnlyDictionary<string, string> Tell(Adapter adapter, ModelDescription model, IReadOnlyDictionary<string, string> metadata)
    {
        if (model.Components is not [{ Name: "model" } component] || adapter.Targets.Count == 0) return metadata;
        var layers = component.Targets.Select(t => t.Target).Where(t => adapter.Targets.ContainsKey(t.Path)).Select(target => KeyValuePair.Create<string, JsonNode?>(
            target.Path[(component.Name.Length + 1)..], string.Join(' ', new object[] { target.Kind, target.Out, target.In }.Concat(target.Kernel.Cast<object>()))));
        return new Dictionary<string, string>(metadata) { [Told] = new JsonObject(layers).ToJsonString() };
    }

    static List<(string Path, nn.Module Layer)> FromNames(ITensorFile file, Dialect dialect)
    {
        bool transposed = file is PeftFolder { Config.IsTransposed: true };
        var layers = new List<(string Path, nn.Module Layer)>();
        foreach (var module in AdapterInspection.Inspect(file).Modules)
            if (module.Method != Replacement.Descriptor.Name && dialect.PathOf(module.Name) is { } path && module is { Out: { } outputs, In: { } inputs } && Layer(KindOf(module, transposed), outputs, inputs, module.Kernel) is { } layer)
                layers.Add((path, layer));
        return layers;
    }

    // Nothing where it is not as it is written here.
    static List<(string Path, nn.Module Layer)> FromMetadata(string told)
    {
        var layers = new Dictionary<string, nn.Module>();
        try
        {
            using var json = JsonDocument.Parse(told);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                string[] words = (property.Value.GetString() ?? "").Split(' ');
                long[] sizes = [.. words[1..].Select(word => long.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture))];
                if (sizes is [> 0 and <= LargestWidth, > 0 and <= LargestWidth, ..] && sizes[2..].All(size => size is > 0 and <= LargestKernel) && Enum.TryParse(words[0], out LayerKind kind) && Layer(kind, sizes[0], sizes[1], sizes[2..]) is { } layer)
                    layers[property.Name] = layer;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            return [];
        }
        return [.. layers.Select(pair => (pair.Key, pair.Value))];
    }

    // A layer holds no other layers.
    static IEnumerable<string> Above(string path)
    {
        for (int dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1)) yield return path[..dot];
    }

    static LayerKind KindOf(AdapterModule module, bool transposed) => module.Kernel.Length switch
    {
        0 when module.Keys.Values.Any(key => key.Contains("lora_embedding_", StringComparison.Ordinal)) => LayerKind.Embedding,
        0 => transposed ? LayerKind.TransposedLinear : LayerKind.Linear,
        1 => LayerKind.Conv1d,
        2 => LayerKind.Conv2d,
        _ => LayerKind.Conv3d,
    };

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
                register_module(level.Key, level.First() is var (path, layer) && path == level.Key ? layer : new Tree([.. level.Select(l => (l.Path[(level.Key.Length + 1)..], l.Layer))]));
        }
    }
}

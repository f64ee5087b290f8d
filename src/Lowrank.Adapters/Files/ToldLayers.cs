using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Adapters;

/// <summary>
/// The metadata that tells the layers of a file that we write for a model which is none of the published ones, since most dialects' names
/// are no paths: {"h.0.c_attn": "TransposedLinear 2304 768"}, the outputs first, then the inputs and a convolution's kernel.
/// </summary>
static class ToldLayers
{
    /// <summary>The field.</summary>
    public const string Field = "lowrank_layers";

    // What a damaged file may claim: a weight's number of elements stays a long.
    const long LargestWidth = 1 << 20, LargestKernel = 1 << 10;

    /// <summary>Metadata with the adapted layers, where no published model has them.</summary>
    public static IReadOnlyDictionary<string, string> Beside(
        IReadOnlyDictionary<string, string> metadata, Adapter adapter, ModelDescription model)
    {
        if (model.Components is not [{ Name: ModelDescription.Whole } component] || adapter.Targets.Count == 0) return metadata;
        var adapted = component.Targets.Select(t => t.Target).Where(target => adapter.Targets.ContainsKey(target.Path));
        var layers = adapted.Select(target => KeyValuePair.Create<string, JsonNode?>(component.PathOf(target), Told(target)));
        return new Dictionary<string, string>(metadata) { [Field] = new JsonObject(layers).ToJsonString() };
    }

    static string Told(Target target)
    {
        long[] sizes = [target.Out, target.In, .. target.Kernel];
        return $"{target.Kind} {string.Join(' ', sizes)}";
    }

    /// <summary>The layers by their paths; none where the text is not as it is written here.</summary>
    public static IReadOnlyList<(string Path, LayerKind Kind, long[] Sizes)> In(string told)
    {
        try
        {
            using var json = JsonDocument.Parse(told);
            // Of a name that stands twice the last counts.
            var layers = new Dictionary<string, (LayerKind Kind, long[] Sizes)>();
            foreach (var property in json.RootElement.EnumerateObject())
                if (Read(property.Value.GetString() ?? "") is { } layer) layers[property.Name] = layer;
            return [.. layers.Select(layer => (layer.Key, layer.Value.Kind, layer.Value.Sizes))];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            return [];
        }
    }

    static (LayerKind Kind, long[] Sizes)? Read(string told)
    {
        string[] words = told.Split(' ');
        long[] sizes = [.. words[1..].Select(word => long.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture))];
        bool areSizes = sizes.Length >= 2 && sizes[..2].All(size => size is > 0 and <= LargestWidth)
            && sizes[2..].All(size => size is > 0 and <= LargestKernel);
        return areSizes && Enum.TryParse(words[0], out LayerKind kind) ? (kind, sizes) : null;
    }
}

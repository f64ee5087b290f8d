using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>
/// Fields of adapter_config.json that tell what an adapter is for and not what it computes. They go along in its metadata under their own
/// names; where a model has several components and their fields differ, with the component's name before (<c>unet.revision</c>).
/// </summary>
public static class PeftCarriedFields
{
    // The class of the module that PEFT wrapped is an object.
    const string Mapping = "auto_mapping";

    /// <summary>The model that was trained on.</summary>
    internal const string Base = "base_model_name_or_path";

    static readonly string[] names = [Mapping, Base, "revision", "task_type"];

    /// <summary>Whether a field of the metadata is one of these.</summary>
    internal static bool IsCarried(string key) => names.Contains(key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..]);

    /// <summary>A field of the metadata as that of one component; what is none of these keeps its name.</summary>
    internal static string Below(string component, string key) => names.Contains(key) ? $"{component}.{key}" : key;

    /// <summary>Those on which the metadata of several adapters agree, for one that is made of them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> SharedBy(IReadOnlyList<IReadOnlyDictionary<string, string>> metadata) =>
        metadata.Count == 0
            ? []
            : metadata[0].Where(field => IsCarried(field.Key) && metadata.All(other => other.GetValueOrDefault(field.Key) == field.Value));

    /// <summary>What a configuration tells of them, as metadata.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Of(PeftConfig config)
    {
        foreach (string name in names)
            if (config.Json.TryGetProperty(name, out var value) && TextOf(name, value) is { } text) yield return new(name, text);
    }

    static string? TextOf(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when name != Mapping => value.GetString(),
        JsonValueKind.Object when name == Mapping => value.GetRawText(),
        _ => null,
    };

    /// <summary>The fields of a component by the metadata; null where nothing tells them.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> In(IReadOnlyDictionary<string, string> metadata, string component)
    {
        foreach (string name in names)
        {
            string? told = metadata.GetValueOrDefault($"{component}.{name}") ?? metadata.GetValueOrDefault(name);
            yield return new(name, name == Mapping ? Parsed(told) : told);
        }
    }

    static JsonElement? Parsed(string? text)
    {
        if (text is null) return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

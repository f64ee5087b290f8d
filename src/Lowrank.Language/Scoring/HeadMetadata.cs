using System.Text.Json;

namespace Lowrank.Language;

/// <summary>What an adapter's metadata tell of the head that it brings.</summary>
public static class HeadMetadata
{
    /// <summary>The field that holds the names of its classes, a JSON list in the order of its scores.</summary>
    public const string Labels = "lowrank_labels";

    /// <summary>The names of its classes; null where it tells none.</summary>
    public static IReadOnlyList<string>? LabelsIn(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (!metadata.TryGetValue(Labels, out string? text)) return null;
        try
        {
            return JsonSerializer.Deserialize<List<string>>(text);
        }
        catch (JsonException error)
        {
            throw new LowrankException($"{Labels} of an adapter is no JSON list of names: {error.Message}", error);
        }
    }
}

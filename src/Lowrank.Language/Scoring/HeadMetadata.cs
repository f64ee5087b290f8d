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
            using var document = StrictJson.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(name => name.GetString()!)];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new LowrankException($"{Labels} of an adapter is no JSON list of names: {JsonFault.Of(error)}", error);
        }
    }

    /// <summary>The same names as they stand there.</summary>
    public static string TextOf(IReadOnlyList<string> labels) => PlainJson.Text(labels, indented: false);
}

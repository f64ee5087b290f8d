using System.Text.Json;

namespace Lowrank.Diffusion;

/// <summary>A wildcard's values as JSON files have them: texts, "2::words" with a weight, or {"text": …, "weight": …}.</summary>
static class WildcardJson
{
    /// <summary>The values of a list, or of a text that is alone.</summary>
    /// <param name="name">The list's name.</param>
    /// <param name="json">The list.</param>
    /// <param name="unread">Told what is none of these.</param>
    public static IEnumerable<WildcardValue> Values(string name, JsonElement json, ICollection<string> unread)
    {
        JsonElement[] items = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [json];
        foreach (var item in items)
        {
            if (Value(item) is { } value) yield return value;
            else unread.Add($"{item.GetRawText()} of {name} is no text");
        }
    }

    static WildcardValue? Value(JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.String) return Weighted(item.GetString()!);
        if (item.ValueKind != JsonValueKind.Object) return null;
        bool isTold = item.TryGetProperty("text", out var text) || item.TryGetProperty("content", out text);
        if (!isTold || text.ValueKind != JsonValueKind.String) return null;
        return new(text.GetString()!, item.TryGetProperty("weight", out var weight) && weight.TryGetDouble(out double number) ? number : 1);
    }

    static WildcardValue? Weighted(string text)
    {
        if (text.Length == 0) return null;
        int sign = text.LastIndexOf("::", StringComparison.Ordinal);
        bool isWeighted = char.IsAsciiDigit(text[0]) && sign > 0;
        return isWeighted && PythonNumbers.Float(text[..sign]) is { } weight ? new(text[(sign + 2)..], weight) : new(text);
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>
/// What an adapter's metadata tell beside its factors, as GGUF's keys and as PEFT's fields, by which other dialects know it.
/// </summary>
static partial class GgufAdapterFields
{
    const string Bases = "general.base_model.", Count = Bases + "count", Name = Bases + "0.name",
        Organization = Bases + "0.organization", Place = Bases + "0.repo_url", Host = "https://huggingface.co/";

    // The keys that hold several texts.
    static readonly string[] lists = ["general.tags", "general.languages"];

    /// <summary>A file's metadata as text, with PEFT's fields in place of the keys that say the same.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(GgufFile file)
    {
        var told = file.Metadata.ToDictionary();
        if (told.GetValueOrDefault(Count) == "1" && told.GetValueOrDefault(Place) is { } place && RepositoryIn(place) is { } repository)
        {
            told[PeftCarriedFields.Base] = repository;
            foreach (string key in new[] { Count, Name, Organization, Place }) told.Remove(key);
        }
        if (new GgufHead(file.Entries).InvocationTokens is { } tokens)
        {
            told[Activated.Field] = $"[{string.Join(',', tokens)}]";
            told.Remove(GgufHead.InvocationKey);
        }
        return told;
    }

    /// <summary>The keys for metadata that are no fixed part of a file.</summary>
    public static IEnumerable<GgufEntry> Entries(IReadOnlyDictionary<string, string> metadata)
    {
        foreach (var (key, text) in metadata)
            if (key == PeftCarriedFields.Base && Repository().Match(text) is { Success: true } parts)
                foreach (var entry in Base(parts.Groups[1].Value, parts.Groups[2].Value)) yield return entry;
            else if (key != Activated.Field) yield return new(key, ValueOf(key, text));
    }

    static IEnumerable<GgufEntry> Base(string owner, string name) =>
    [
        new(Count, 1u), new(Name, GgufTitle.Of(name)), new(Organization, GgufTitle.Of(owner)), new(Place, $"{Host}{owner}/{name}"),
    ];

    static object ValueOf(string key, string text)
    {
        if (key == Count && uint.TryParse(text, out uint count)) return count;
        if (!lists.Contains(key)) return text;
        try
        {
            return new GgufArray([.. ItemsOf(text).Select(item => item.GetString()!)]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return text;
        }
    }

    // Not by a serializer: where reflection is off, as in programs of one file, there is none.
    static List<JsonElement> ItemsOf(string text)
    {
        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateArray().Select(item => item.Clone())];
    }

    static string? RepositoryIn(string place) =>
        place.StartsWith(Host, StringComparison.Ordinal) && Repository().IsMatch(place[Host.Length..]) ? place[Host.Length..] : null;

    [GeneratedRegex(@"^([\w.-]+)/([\w.-]+)$")]
    private static partial Regex Repository();
}

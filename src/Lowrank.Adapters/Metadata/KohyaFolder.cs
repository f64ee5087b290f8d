using System.Text.Json.Nodes;

namespace Lowrank.Adapters;

/// <summary>One folder of training pictures, as kohya's metadata tell of it.</summary>
/// <param name="Name">The folder's name, without its path.</param>
/// <param name="Repeats">How often each picture stands in an epoch.</param>
/// <param name="Images">Number of pictures.</param>
/// <param name="Tags">How often each tag stands in its captions; a tag is what commas part.</param>
public sealed record KohyaFolder(string Name, int Repeats, int Images, IReadOnlyDictionary<string, int> Tags)
{
    /// <summary>Counts the tags of captions as kohya does: parted by commas, trimmed, in lower case.</summary>
    public static IReadOnlyDictionary<string, int> CountTags(IEnumerable<string> captions)
    {
        var counts = new Dictionary<string, int>();
        foreach (var part in captions.SelectMany(caption => caption.Split(',')))
        {
            string tag = part.Trim().ToLowerInvariant();
            if (tag.Length > 0) counts[tag] = counts.GetValueOrDefault(tag) + 1;
        }
        return counts;
    }

    internal static JsonObject Directories(IEnumerable<KohyaFolder> folders) =>
        Named(folders, folder => new JsonObject { ["n_repeats"] = folder.Repeats, ["img_count"] = folder.Images });

    internal static JsonObject TagFrequency(IEnumerable<KohyaFolder> folders) =>
        Named(folders, folder => new(folder.Tags.Select(tag => KeyValuePair.Create<string, JsonNode?>(tag.Key, tag.Value))));

    static JsonObject Named(IEnumerable<KohyaFolder> folders, Func<KohyaFolder, JsonObject> told) =>
        new(folders.Select(folder => KeyValuePair.Create<string, JsonNode?>(folder.Name, told(folder))));
}

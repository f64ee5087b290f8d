using System.Text.Json;

namespace Lowrank.Workbench;

/// <summary>The weights of a folder, once: safetensors before pickles, full precision before fp16, as they are opened.</summary>
/// <param name="Files">The file, or an index and its shards; none where the folder has none.</param>
/// <param name="Missing">Shards that the index names and the folder has not.</param>
sealed record HubWeights(IReadOnlyList<HubFile> Files, IReadOnlyList<string> Missing)
{
    static readonly string[] parts = ["diffusion_pytorch_model", "model"];

    // PEFT's name, and mlx-lm's.
    static readonly string[] adapters = ["adapter_model", "adapters"];

    // In the order in which they are looked for; {0} is the stem, {1} that of pickles.
    static readonly string[] forms =
    [
        "{0}.safetensors", "{0}.safetensors.index.json",
        "{0}.fp16.safetensors", "{0}.safetensors.index.fp16.json", "{0}.fp16.safetensors.index.json",
        "{1}.bin", "{1}.bin.index.json", "{1}.fp16.bin",
    ];

    /// <summary>The weights of a model or a part of one.</summary>
    /// <param name="listing">The files.</param>
    /// <param name="folder">The folder, empty or ending in a slash.</param>
    public static HubWeights OfModel(IHubListing listing, string folder) => Of(listing, folder, parts);

    /// <summary>The weights of an adapter.</summary>
    /// <inheritdoc cref="OfModel"/>
    public static HubWeights OfAdapter(IHubListing listing, string folder) => Of(listing, folder, adapters);

    /// <summary>Those of several folders.</summary>
    public static HubWeights Together(IReadOnlyList<HubWeights> all) =>
        new([.. all.SelectMany(one => one.Files)], [.. all.SelectMany(one => one.Missing)]);

    static HubWeights Of(IHubListing listing, string folder, string[] stems)
    {
        foreach (string form in forms)
            foreach (string stem in stems)
            {
                string pickle = stem == "model" ? "pytorch_model" : stem;
                string path = folder + form.Replace("{0}", stem, StringComparison.Ordinal).Replace("{1}", pickle, StringComparison.Ordinal);
                if (listing.Files.FirstOrDefault(file => file.Path == path) is not { } found) continue;
                return path.EndsWith(".json", StringComparison.Ordinal) ? Sharded(listing, folder, found) : new([found], []);
            }
        return new([], []);
    }

    static HubWeights Sharded(IHubListing listing, string folder, HubFile index)
    {
        var files = new List<HubFile> { index };
        var missing = new List<string>();
        foreach (string shard in ShardsOf(listing, index))
            if (listing.Files.FirstOrDefault(file => file.Path == folder + shard) is { } found) files.Add(found);
            else missing.Add(folder + shard);
        return new(files, missing);
    }

    static List<string> ShardsOf(IHubListing listing, HubFile index)
    {
        try
        {
            using var json = JsonDocument.Parse(listing.ReadText(index));
            var names = json.RootElement.GetProperty("weight_map").EnumerateObject().Select(entry => entry.Value.GetString()!);
            var shards = names.Distinct().Order(StringComparer.Ordinal).ToList();
            if (shards.Count > 0 && shards.TrueForAll(shard => shard is not null && HubPath.Fault(shard) is null)) return shards;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // told below, as an index of wrong names is
        }
        throw new LowrankException($"{index.Path} of {listing.Name} is no index of weights: its weight_map names no files of its folder.");
    }
}

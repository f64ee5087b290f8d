namespace Lowrank.Formats;

/// <summary>Finds the weights of one part of a model in its folder, under the names that diffusers and transformers give them.</summary>
public static class WeightFiles
{
    /// <summary>Opens the weights: safetensors before pickles, one file before shards, full precision before the fp16 variant.</summary>
    /// <param name="folder">Folder of the part, such as <c>unet</c>.</param>
    /// <param name="stem">"diffusion_pytorch_model" for parts of diffusers, "model" for those of transformers (whose pickles are named
    /// pytorch_model.bin).</param>
    /// <exception cref="LowrankException">None is there, or a shard is missing or does not hold what the index says.</exception>
    public static ITensorFile Open(string folder, string stem)
    {
        if (!Directory.Exists(folder)) throw new LowrankException($"the folder {folder} does not exist.");
        string pickleStem = stem == "model" ? "pytorch_model" : stem;
        string[] names =
        [
            $"{stem}.safetensors", $"{stem}.safetensors.index.json",
            $"{stem}.fp16.safetensors", $"{stem}.safetensors.index.fp16.json", $"{stem}.fp16.safetensors.index.json",
            $"{pickleStem}.bin", $"{pickleStem}.bin.index.json", $"{pickleStem}.fp16.bin",
        ];
        string found = names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new LowrankException($"{folder} holds no weights{WithoutIndex(folder)}. Looked for {string.Join(", ", names)}; " +
                $"there are {Listed(folder)}.");
        return found.EndsWith(".json", StringComparison.Ordinal) ? ShardedFile.Open(found) : Containers.Open(found);
    }

    // Shards are of no use without the file that tells which tensor lies in which.
    static string WithoutIndex(string folder)
    {
        var shards = Directory.EnumerateFiles(folder, "*-of-*").Select(file => Path.GetFileName(file));
        if (shards.Order(StringComparer.Ordinal).FirstOrDefault() is not { } first) return "";
        string stem = first[..first.IndexOf("-of-", StringComparison.Ordinal)];
        string index = $"{stem[..Math.Max(0, stem.LastIndexOf('-'))]}{Path.GetExtension(first)}.index.json";
        return $" that can be read: {first} is one of several shards, and {index}, which joins them, is missing. Fetch it too";
    }

    static string Listed(string folder)
    {
        var names = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).Take(8).ToList();
        return names.Count > 0 ? string.Join(", ", names) : "no files";
    }
}

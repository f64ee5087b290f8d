using System.Text.Json;

namespace Lowrank.Workbench;

/// <summary>Chooses what of a repository is needed, by what it is: a diffusers folder, a model, an adapter, or single files.</summary>
/// <param name="listing">The files that there are.</param>
sealed class HubSelection(IHubListing listing)
{
    const int MostListed = 20;

    static readonly string[] texts =
    [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "tokenizer.model", "special_tokens_map.json",
        "added_tokens.json", "vocab.json", "vocab.txt", "merges.txt", "spiece.model", "sentencepiece.bpe.model", "chat_template.jinja",
        "chat_template.json",
    ];

    static readonly string[] endingsOfWeights = [".safetensors", ".gguf", ".ckpt", ".pt", ".pth", ".bin"];
    static readonly string[] endingsOfParts = [".json", ".txt", ".model", ".jinja"];
    static readonly string[] leftovers = ["training_args", "optimizer", "scheduler", "rng_state", "trainer_state"];

    static readonly string[] adaptedParts = ["", "unet/", "transformer/", "text_encoder/", "text_encoder_2/"];

    // What pipelines bring beside the models that draw.
    static readonly string[] unused = ["safety_checker", "feature_extractor", "image_encoder"];

    /// <summary>The files that are needed.</summary>
    /// <param name="path">A file or a folder of the repository; null for all of it.</param>
    /// <param name="patterns">What the user takes and leaves out.</param>
    /// <exception cref="LowrankException">There is nothing at the path, nothing that can be used, or more than one thing.</exception>
    public HubChoice Choose(string? path, HubPatterns patterns)
    {
        if (path is not null && listing.Files.FirstOrDefault(file => file.Path == path) is { } named)
            return new("file", path, [named]) { Notes = [.. patterns.Unused($"{path} is one file")] };
        string folder = path is null ? "" : path + "/";
        var inside = listing.Files.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal)).ToList();
        if (inside.Count == 0) throw Absent(path);
        var chosen = patterns.Include.Count > 0
            ? new HubChoice("files by pattern", path ?? "", [.. inside.Where(file => patterns.Takes(file.Path))])
            : Needed(folder, inside);
        var kept = chosen.Files.Where(file => !patterns.LeavesOut(file.Path)).ToList();
        if (kept.Count == 0) throw new LowrankException($"Of {listing.Name} the patterns leave nothing over. There is {Listed(inside)}");
        return chosen with
        {
            Files = [.. kept.OrderBy(file => file.Path, StringComparer.Ordinal)],
            Notes = [.. chosen.Notes, .. patterns.Idle(inside)],
        };
    }

    HubChoice Needed(string folder, List<HubFile> inside)
    {
        // diffusers keeps an adapter of a pipeline in a folder for each part.
        var parts = adaptedParts.Select(part => AdapterIn(folder + part)).OfType<HubWeights>().ToList();
        if (parts.Count > 0) return Whole("adapter", folder, Beside(folder), HubWeights.Together(parts));
        if (Has(folder + "model_index.json")) return Pipeline(folder);
        if (Has(folder + "config.json") && HubWeights.OfModel(listing, folder) is { Files.Count: > 0 } model)
            return Whole("model", folder, Texts(folder), model);
        return Single(folder, inside);
    }

    // Config and weights; null where they are not beside each other.
    HubWeights? AdapterIn(string folder)
    {
        var config = Those(folder, "adapter_config.json").ToList();
        var weights = HubWeights.OfAdapter(listing, folder);
        return config.Count > 0 && weights.Files.Count > 0 ? weights with { Files = [.. config, .. weights.Files] } : null;
    }

    IEnumerable<HubFile> Beside(string folder) => Texts(folder).Concat(Those(folder, "README.md"));

    static HubChoice Whole(string what, string folder, IEnumerable<HubFile> texts, HubWeights weights) =>
        new(what, folder.TrimEnd('/'), [.. texts.Concat(weights.Files).Distinct()]) { Missing = weights.Missing };

    IEnumerable<HubFile> Texts(string folder) => Those(folder, texts)
        .Concat(listing.Files.Where(file => file.Path.StartsWith($"{folder}additional_chat_templates/", StringComparison.Ordinal)));

    IEnumerable<HubFile> Those(string folder, params string[] names) =>
        listing.Files.Where(file => names.Any(name => file.Path == folder + name));

    bool Has(string path) => listing.Files.Any(file => file.Path == path);

    HubChoice Pipeline(string folder)
    {
        var index = listing.Files.First(file => file.Path == $"{folder}model_index.json");
        List<HubFile> files = [index];
        List<string> missing = [], notes = [];
        foreach (string part in PartsOf(index))
        {
            if (unused.Contains(part))
            {
                if (InFolder($"{folder}{part}/").Any()) notes.Add($"{part} is not needed here, and not fetched; `include` takes it");
                continue;
            }
            var weights = HubWeights.OfModel(listing, $"{folder}{part}/");
            var rest = InFolder($"{folder}{part}/").Where(IsTextOfPart).ToList();
            bool isModel = rest.Exists(file => file.Path == $"{folder}{part}/config.json");
            if (rest.Count == 0) missing.Add($"{folder}{part}");
            else if (isModel && weights.Files.Count == 0) missing.Add($"the weights of {folder}{part}");
            files.AddRange([.. rest, .. weights.Files]);
            missing.AddRange(weights.Missing);
        }
        return new("diffusers folder", folder.TrimEnd('/'), [.. files.Distinct()]) { Missing = missing, Notes = notes };
    }

    static bool IsTextOfPart(HubFile file) =>
        endingsOfParts.Any(ending => file.Path.EndsWith(ending, StringComparison.Ordinal))
        && !file.Path.Contains(".index.", StringComparison.Ordinal);

    // Not what lies in folders of it.
    IEnumerable<HubFile> InFolder(string folder) => listing.Files.Where(file =>
        file.Path.StartsWith(folder, StringComparison.Ordinal) && file.Path.IndexOf('/', folder.Length) < 0);

    // "unet": ["diffusers", "UNet2DConditionModel"]; a part that the pipeline goes without is [null, null].
    List<string> PartsOf(HubFile index)
    {
        try
        {
            using var json = JsonDocument.Parse(listing.ReadText(index));
            var parts = json.RootElement.EnumerateObject().Where(entry => IsPart(entry.Value)).Select(entry => entry.Name).ToList();
            if (parts.Count > 0 && parts.TrueForAll(part => HubPath.Fault(part) is null)) return parts;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // told below
        }
        throw new LowrankException($"{index.Path} of {listing.Name} names no parts of a pipeline.");
    }

    static bool IsPart(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value[0].ValueKind == JsonValueKind.String;

    // The only safetensors file of the folder itself, or the only file of weights anywhere in it.
    HubChoice Single(string folder, List<HubFile> inside)
    {
        var all = inside.Where(IsWeights).ToList();
        bool IsTop(HubFile file) => file.Path.IndexOf('/', folder.Length) < 0;
        bool IsSafe(HubFile file) => file.Path.EndsWith(".safetensors", StringComparison.Ordinal);
        foreach (var narrowed in new[] { all, [.. all.Where(IsSafe)], [.. all.Where(IsTop)], [.. all.Where(IsTop).Where(IsSafe)] })
            if (narrowed is [var only]) return new("file", only.Path, [only]);
        string where = $"{listing.Name}{(folder.Length > 0 ? $"//{folder.TrimEnd('/')}" : "")}";
        if (all.Count == 0) throw new LowrankException($"{where} holds no weights that are read here. There is {Listed(inside)}");
        throw new LowrankException($"{where} holds several files, and any of them could be meant. Name one, as in " +
            $"{HubName.Prefix}{listing.Name}//{all[0].Path}: {Listed(all)}");
    }

    static bool IsWeights(HubFile file)
    {
        string name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
        bool isLeftover = leftovers.Any(left => name.StartsWith(left, StringComparison.Ordinal));
        return !isLeftover && EndsAsWeights(name);
    }

    /// <summary>Whether a name is that of a file of weights.</summary>
    public static bool EndsAsWeights(string name) =>
        endingsOfWeights.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    LowrankException Absent(string? path)
    {
        if (path is null) return new($"{listing.Name} is empty.");
        return new($"{listing.Name} has no {path}. {NearestNames.Sentence(path, listing.Files.Select(file => file.Path))}");
    }

    static string Listed(List<HubFile> files)
    {
        var shown = files.Take(MostListed).Select(file => $"{file.Path} ({Quantity.Bytes(file.Size)})");
        string more = files.Count > MostListed ? $", and {files.Count - MostListed} more" : "";
        return $"{string.Join(", ", shown)}{more}.";
    }
}

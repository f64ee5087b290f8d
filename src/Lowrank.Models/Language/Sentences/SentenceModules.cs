using System.Text.Json;

namespace Lowrank.Models;

/// <summary>What a folder of sentence-transformers says of its parts: modules.json, and the configs that it names.</summary>
sealed record SentenceModules
{
    const string ListName = "modules.json", SettingsName = "sentence_bert_config.json",
        PromptsName = "config_sentence_transformers.json";

    // In the order in which vectors stand behind each other where several are made.
    static readonly (string Flag, string Word, SentencePooling Pooling)[] poolings =
    [
        ("pooling_mode_cls_token", "cls", SentencePooling.First),
        ("pooling_mode_max_tokens", "max", SentencePooling.Max),
        ("pooling_mode_mean_tokens", "mean", SentencePooling.Mean),
        ("pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens", SentencePooling.MeanOfRoot),
        ("pooling_mode_weightedmean_tokens", "weightedmean", SentencePooling.WeightedMean),
        ("pooling_mode_lasttoken", "lasttoken", SentencePooling.Last),
    ];

    /// <summary>The folder of the model itself.</summary>
    public required string Model { get; init; }

    /// <summary>What vectors are made; several stand behind each other.</summary>
    public IReadOnlyList<SentencePooling> Poolings { get; init; } = [SentencePooling.Mean];

    /// <summary>Of what width the states are said to be; null where nothing is said.</summary>
    public int? Width { get; init; }

    /// <summary>Whether vectors have length 1.</summary>
    public bool Normalizes { get; init; }

    /// <summary>So many tokens of a row are read; null where nothing is said.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>What the folder asks for of texts, which are not seen here, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Reads a folder. One without modules.json is a model whose states' mean is taken, as sentence-transformers has it.</summary>
    /// <exception cref="LowrankException">A module that is not known here, or a config that is damaged.</exception>
    public static SentenceModules Read(string folder)
    {
        var modules = new SentenceModules { Model = folder, Notes = [.. PromptsIn(folder)] };
        if (!File.Exists(Path.Combine(folder, ListName))) return modules.WithSettings(folder, folder);
        foreach (var (type, path) in Listed(folder))
            modules = type switch
            {
                "Transformer" => (modules with { Model = path }).WithSettings(folder, path),
                "Pooling" => modules.WithPooling(path),
                "Normalize" => modules with { Normalizes = true },
                _ => throw new LowrankException($"{Path.Combine(folder, ListName)} names a module {type}, which is not computed here. " +
                    "Known are Transformer, Pooling and Normalize."),
            };
        return modules;
    }

    static List<(string Type, string Path)> Listed(string folder)
    {
        string list = Path.Combine(folder, ListName);
        var modules = new List<(string, string)>();
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(list));
            foreach (var module in document.RootElement.EnumerateArray())
            {
                string type = module.GetProperty("type").GetString() ?? "", path = module.GetProperty("path").GetString() ?? "";
                modules.Add((type[(type.LastIndexOf('.') + 1)..], Inside(folder, path, list)));
            }
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new LowrankException($"{list} is no list of modules with a type and a path each: {error.Message}");
        }
        return modules;
    }

    static string Inside(string folder, string path, string list)
    {
        string whole = Path.GetFullPath(Path.Combine(folder, path)), root = Path.GetFullPath(folder);
        string within = Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar;
        bool isInside = whole == root || whole.StartsWith(within, StringComparison.Ordinal);
        return isInside ? whole : throw new LowrankException($"{list} names {path}, which lies outside of its folder.");
    }

    SentenceModules WithSettings(string folder, string model)
    {
        string? settings = new[] { model, folder }.Select(at => Path.Combine(at, SettingsName)).FirstOrDefault(File.Exists);
        if (settings is null) return this;
        var file = ConfigReader.Open(settings);
        int? most = file.OptionalCount("max_seq_length");
        bool isLower = file.Flag("do_lower_case", false);
        file.Finish(strict: false);
        var read = this with { MaxTokens = most };
        return isLower ? read with { Notes = [.. Notes, $"{settings} has do_lower_case: give texts in small letters."] } : read;
    }

    // sentence-transformers puts one of them before a text.
    static IEnumerable<string> PromptsIn(string folder)
    {
        string path = Path.Combine(folder, PromptsName);
        if (!File.Exists(path)) yield break;
        var file = ConfigReader.Open(path);
        string? usual = file.Text("default_prompt_name");
        var prompts = new List<string>();
        if (file.Section("prompts") is { } section)
            foreach (string name in section.Fields)
                if (section.Text(name) is { Length: > 0 } text) prompts.Add($"{name} \"{text}\"");
        file.Finish(strict: false);
        if (prompts.Count == 0) yield break;
        string said = usual is null ? "none unless it is asked for" : usual;
        yield return $"{path} has prompts, which are not put before texts here: {string.Join(", ", prompts)} (its default: {said}). " +
            "Give texts with theirs.";
    }

    SentenceModules WithPooling(string path)
    {
        var file = ConfigReader.Open(Path.Combine(path, LanguageFolder.ConfigName));
        var told = file.Text("pooling_mode") is { } word
            ? poolings.Where(known => known.Word == word).ToList()
            : [.. poolings.Where(known => file.Flag(known.Flag, known.Pooling == SentencePooling.Mean))];
        file.Require(told.Count > 0, $"no way of pooling is told; known are {string.Join(", ", poolings.Select(known => known.Flag))}");
        int? width = file.OptionalCount("word_embedding_dimension");
        file.Finish(strict: false);
        return this with { Poolings = [.. told.Select(known => known.Pooling)], Width = width };
    }
}

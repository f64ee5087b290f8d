using System.Text.Json;

namespace Lowrank.Language;

/// <summary>What GGUF files say of a model in general: how it is best sampled, what it is called, of what size it is, and what its README
/// says.</summary>
static class GeneralEntries
{
    // Names in generation_config.json, and in keys.
    static readonly (string Field, string Key, bool IsCount)[] sampling =
    [
        ("top_k", "top_k", true), ("top_p", "top_p", false), ("min_p", "min_p", false), ("xtc_probability", "xtc_probability", false),
        ("xtc_threshold", "xtc_threshold", false), ("temperature", "temp", false), ("penalty_last_n", "penalty_last_n", true),
        ("repetition_penalty", "penalty_repeat", false), ("mirostat", "mirostat", true), ("mirostat_tau", "mirostat_tau", false),
        ("mirostat_eta", "mirostat_eta", false),
    ];

    /// <summary>Its keys, in their order.</summary>
    /// <param name="sources">The folder's files; what is not understood is noted there.</param>
    /// <param name="parameters">How many parameters the model has.</param>
    public static IEnumerable<GgufEntry> Of(TokenizerSources sources, long parameters)
    {
        var card = ModelCard.In(sources);
        return
        [
            new("general.type", "model"), .. Sampling(sources), .. Names(sources, card, parameters),
            .. Licence(card), .. Listed("base_model", card.All("base_model", "base_models", "base_model_sources"), parameters),
            .. Listed("dataset", card.All("datasets", "dataset", "dataset_sources"), parameters),
            .. Words("tags", [.. card.All("tags"), .. card.All("pipeline_tag")]),
            .. Words("languages", [.. card.All("languages"), .. card.All("language")]),
        ];
    }

    static IEnumerable<GgufEntry> Sampling(TokenizerSources sources)
    {
        var config = sources.Json("generation_config.json");
        foreach (var (field, key, isCount) in sampling)
        {
            if (TokenizerSources.Field(config, field) is not { ValueKind: JsonValueKind.Number } value) continue;
            object? number = isCount ? TokenizerSources.Whole(value) : (float)value.GetDouble();
            if (number is not null) yield return new($"general.sampling.{key}", number);
            else sources.Notes.Add($"{field} of generation_config.json is {value.GetRawText()}, and no whole number; it is not written.");
        }
    }

    // The README comes first, then the name that the config was saved under, unless it is a path, then the folder's.
    static IEnumerable<GgufEntry> Names(TokenizerSources sources, ModelCard card, long parameters)
    {
        string? saved = TokenizerSources.Text(sources.Config, "_name_or_path");
        if (saved?.Count(letter => letter == '/') > 1) saved = null;
        string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(sources.Folder)));
        ModelName[] names = [ModelName.Of(saved, parameters), ModelName.Of(folder, parameters)];
        (string Key, string? Value)[] told =
        [
            ("name", card.One("name", "model_name") ?? (First(one => one.Name) is { } name ? ModelName.Title(name) : folder)),
            ("author", card.One("author", "model_author", "model_creator")),
            ("version", card.One("version", "model_version") ?? First(one => one.Version)),
            ("organization", card.One("organization", "model_organization") ?? Titled(First(one => one.Organization))),
            ("finetune", card.One("finetune", "model_finetune") ?? First(one => one.Tuning)),
            ("basename", card.One("basename", "model_basename", "model_type") ?? First(one => one.Base)),
            ("description", card.One("description", "model_description")),
            ("size_label", card.One("size_label", "model_size_label") ?? First(one => one.Size) ?? SizeLabel.Of(parameters)),
        ];
        return from one in told where one.Value is not null select new GgufEntry($"general.{one.Key}", one.Value!);

        string? First(Func<ModelName, string?> part) => names.Select(part).FirstOrDefault(text => text is not null);
    }

    static string? Titled(string? name) => name is null ? null : ModelName.Title(name);

    static IEnumerable<GgufEntry> Licence(ModelCard card)
    {
        (string Key, string? Value)[] told =
        [
            ("license", card.All("license") is { Count: > 0 } all ? string.Join(',', all) : null),
            ("license.name", card.One("license_name")), ("license.link", card.One("license_link")),
            ("source.url", card.One("url", "model_url")), ("source.doi", card.One("doi", "model_doi")),
            ("source.uuid", card.One("uuid", "model_uuid")), ("source.repo_url", card.One("repo_url", "model_repo_url")),
        ];
        return from one in told where one.Value is not null select new GgufEntry($"general.{one.Key}", one.Value!);
    }

    // Models and data that it was made of, by their names on the hub or their addresses.
    static IEnumerable<GgufEntry> Listed(string kind, IReadOnlyList<string> names, long parameters)
    {
        const string Hub = "https://huggingface.co/";
        if (names.Count > 0) yield return new($"general.{kind}.count", (uint)names.Count);
        foreach (var (place, name) in names.Index())
        {
            bool isAddress = name.Contains("://", StringComparison.Ordinal);
            string? hubName = !isAddress ? name : name.StartsWith(Hub, StringComparison.Ordinal) ? name[Hub.Length..] : null;
            var parts = ModelName.Of(hubName, parameters);
            (string Key, string? Value)[] told =
            [
                ("name", Titled(parts.Name)), ("version", parts.Version), ("organization", Titled(parts.Organization)),
                ("repo_url", isAddress ? name : parts.Organization is null ? null : Hub + name),
            ];
            foreach (var (key, value) in told)
                if (value is not null) yield return new($"general.{kind}.{place}.{key}", value);
        }
    }

    static IEnumerable<GgufEntry> Words(string key, string[] words)
    {
        if (words.Length > 0) yield return new($"general.{key}", new GgufArray(words));
    }
}

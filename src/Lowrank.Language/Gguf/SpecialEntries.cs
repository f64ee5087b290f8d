using System.Text.Json;

namespace Lowrank.Language;

/// <summary>The tokens with a part to play, whether they are added to texts, and chat templates, as GGUF files hold them.</summary>
/// <remarks>Source: gguf-py's vocab.py in ggml-org/llama.cpp.</remarks>
sealed class SpecialEntries
{
    const string Keys = "tokenizer.ggml.";

    // Names in configurations, and in keys; the class token has none.
    static readonly (string Name, string? Key)[] parts =
        [("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("sep", "seperator"), ("pad", "padding"), ("cls", null), ("mask", "mask")];

    readonly TokenizerSources sources;
    readonly Dictionary<string, string> texts = [];
    readonly List<(string Name, bool Adds)> adds = [];

    SpecialEntries(TokenizerSources sources)
    {
        this.sources = sources;
        foreach (var (name, _) in parts)
            if (Content(TokenizerSources.Field(sources.Settings, name + "_token")) is { } text) texts[name] = text;
        if (sources.Tokenizer is null || sources.Settings is null) return;
        if (texts.TryGetValue("cls", out string? begin)) texts.TryAdd("bos", begin);
        if (texts.TryGetValue("sep", out string? end)) texts.TryAdd("eos", end);
        ReadProcessors();
    }

    /// <summary>Their keys.</summary>
    /// <param name="sources">The folder's files.</param>
    /// <param name="count">Rows of the embedding; null asks not whether ids are among them.</param>
    public static IEnumerable<GgufEntry> Of(TokenizerSources sources, int? count)
    {
        var specials = new SpecialEntries(sources);
        return [.. specials.Ids(count), .. specials.Adds(), .. specials.Templates(), .. specials.Lowercase()];
    }

    // A text, or an object with the text in it.
    static string? Content(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Object } => TokenizerSources.Text(value, "content"),
        _ => null,
    };

    void ReadProcessors()
    {
        var whole = TokenizerSources.Field(sources.Tokenizer, "post_processor");
        JsonElement[] processors = TokenizerSources.Field(whole, "processors") is null
            ? whole is { } one ? [one] : []
            : [.. TokenizerSources.List(whole, "processors")];
        foreach (var processor in processors)
            switch (TokenizerSources.Text(processor, "type"))
            {
                case "RobertaProcessing":
                    foreach (string name in (string[])["bos", "eos", "sep"]) Set(name, true);
                    break;
                case "TemplateProcessing":
                    ReadTemplate(processor);
                    break;
            }
    }

    void ReadTemplate(JsonElement processor)
    {
        JsonElement[] single = [.. TokenizerSources.List(processor, "single")], pair = [.. TokenizerSources.List(processor, "pair")];
        string? first = null, last = null;
        if (single.Length > 1)
        {
            (first, last) = (Special(single[0]), Special(single[^1]));
            Set("bos", first is not null && (Is("bos", first) || Is("cls", first)));
            Set("eos", last is not null && Is("eos", last));
        }
        if (Between(pair, first, last) is { } between) Set("sep", Separates(between, last));
    }

    // What stands between two texts; null where the template is no plain one.
    static JsonElement[]? Between(JsonElement[] pair, string? first, string? last)
    {
        if (pair.Length < 2) return null;
        int begin = first is not null && Special(pair[0]) == first ? 1 : 0, end = last is not null && Special(pair[^1]) == last ? 1 : 0;
        JsonElement[] inner = pair[begin..^end];
        bool isPlain = inner is [var a, _, .., var b] && Sequence(a) == "A" && Sequence(b) == "B";
        return isPlain ? inner[1..^1] : null;
    }

    bool Separates(JsonElement[] between, string? last) =>
        last is null && IsSeparator(Special(between[0])) || between.Length == 2 && IsSeparator(Special(between[1]));

    static string? Special(JsonElement part) => TokenizerSources.Text(TokenizerSources.Field(part, "SpecialToken"), "id");

    static string? Sequence(JsonElement part) => TokenizerSources.Text(TokenizerSources.Field(part, "Sequence"), "id");

    bool Is(string name, string text) => texts.GetValueOrDefault(name) == text;

    bool IsSeparator(string? text) => text is not null && (Is("sep", text) || Is("eos", text));

    void Set(string name, bool value)
    {
        int place = adds.FindIndex(one => one.Name == name);
        if (place < 0) adds.Add((name, value));
        else adds[place] = (name, value);
    }

    IEnumerable<GgufEntry> Ids(int? count)
    {
        var ids = new List<(string Name, int Id)>();
        foreach (var (name, _) in parts)
            if (texts.TryGetValue(name, out string? text) && IdOf(text) is { } id) Take(name, id);
        foreach (var (name, _) in parts)
            if (TokenizerSources.Count(sources.Config, name + "_token_id") is { } id) Take(name, id);
        foreach (var (name, id) in ids)
            if (parts.First(part => part.Name == name).Key is { } key) yield return new($"{Keys}{key}_token_id", (uint)id);

        void Take(string name, int id)
        {
            if (id < 0 || ids.Exists(one => one.Name == name)) return;
            if (count is null || id < count) ids.Add((name, id));
            else sources.Notes.Add($"{name}_token_id is {id}, beyond the model's {count} tokens; it is not written.");
        }
    }

    int? IdOf(string text)
    {
        foreach (var token in sources.Added)
            if (TokenizerSources.Text(token, "content") == text) return TokenizerSources.Count(token, "id");
        return null;
    }

    IEnumerable<GgufEntry> Adds()
    {
        foreach (var (name, _) in parts)
            if (TokenizerSources.Flag(sources.Settings, $"add_{name}_token") is { } flag) Set(name, flag);
        return adds.Where(one => one.Name is "bos" or "eos" or "sep").Select(one => new GgufEntry($"{Keys}add_{one.Name}_token", one.Adds));
    }

    IEnumerable<GgufEntry> Templates()
    {
        const string Key = "tokenizer.chat_template";
        if (sources.Settings is null) yield break;
        var templates = TemplateSources.Of(sources);
        var others = templates.Where(one => one is { Name: not "default", Text: not null }).ToList();
        foreach (var (name, text) in others) yield return new($"{Key}.{name}", text!);
        if (others.Count > 0)
            yield return new($"{Key}s", new GgufArray(others.Select(one => one.Name).Order(StringComparer.Ordinal)));
        if (templates.FirstOrDefault(one => one.Name == "default").Text is { } usual) yield return new(Key, usual);
    }

    IEnumerable<GgufEntry> Lowercase()
    {
        if (IsLowercase(TokenizerSources.Field(sources.Tokenizer, "normalizer"))) yield return new($"{Keys}normalizer.lowercase", true);
    }

    static bool IsLowercase(JsonElement? normalizer) => TokenizerSources.Text(normalizer, "type") switch
    {
        "Lowercase" => true,
        "BertNormalizer" => TokenizerSources.Flag(normalizer, "lowercase") ?? true,
        "Sequence" => TokenizerSources.List(normalizer, "normalizers").Any(one => IsLowercase(one)),
        _ => false,
    };
}

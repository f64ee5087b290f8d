using System.Globalization;
using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>adapter_config.json: what PEFT tells of an adapter beside its tensors. A field that lacks has PEFT's default.</summary>
public sealed class PeftConfig
{
    readonly PeftType? type;

    /// <summary>A configuration as read.</summary>
    /// <param name="json">The file's object.</param>
    public PeftConfig(JsonElement json)
    {
        Json = json;
        type = Type.Length == 0 ? null : PeftTypes.Named(Type);
    }

    /// <summary>The configuration of one that tells nothing: PEFT's ways with PEFT's defaults.</summary>
    internal static JsonElement Empty { get; } = PlainJson.Element(new Dictionary<string, object?>());

    /// <summary>The file's object.</summary>
    public JsonElement Json { get; }

    /// <summary>peft_type; empty where it lacks.</summary>
    public string Type =>
        Json.TryGetProperty("peft_type", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Whether layers keep their weight as (in, out), as GPT-2's Conv1D does.</summary>
    internal bool IsTransposed => Json.TryGetProperty("fan_in_fan_out", out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>What keeps the adapter from being understood, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (type is null)
        {
            string known = string.Join(", ", PeftTypes.All.Select(t => t.Name).Where(name => name.Length > 0));
            yield return Json.TryGetProperty("peft_type", out var told)
                ? $"peft_type {told.GetRawText()} is none that is known here ({known})"
                : $"adapter_config.json tells no peft_type; there are {known}";
        }
        else
        {
            foreach (string fault in PeftFieldTypes.Faults(Json, type)) yield return fault;
        }
        foreach (string field in type?.Unsupported ?? [])
            if (Json.TryGetProperty(field, out var value) && !PeftFieldUses.IsEmpty(value))
                yield return $"{field} is {value.GetRawText()}, and what it does is not known here";
        if (PeftStart.Refuses(Json) is { } lost) yield return lost;
        if (Word("task_type") is { } task && !tasks.Contains(task))
            yield return $"task_type is \"{task}\", which is none of PEFT's tasks ({string.Join(", ", tasks)})";
        if (Word("bias") is { } bias && bias is not ("none" or "all") && !bias.EndsWith("_only", StringComparison.Ordinal))
            yield return $"bias is \"{bias}\", and it is none, all, or that of the adapted layers alone (lora_only)";
    }

    static readonly string[] tasks = ["SEQ_CLS", "SEQ_2_SEQ_LM", "CAUSAL_LM", "TOKEN_CLS", "QUESTION_ANS", "FEATURE_EXTRACTION"];

    string? Word(string field)
    {
        bool isText = Json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String;
        return isText && value.GetString() is { Length: > 0 } word ? word : null;
    }

    /// <summary>Whether a name is a path's, or its end behind a dot.</summary>
    internal static bool IsEnd(string path, string name) => path == name || path.EndsWith("." + name, StringComparison.Ordinal);

    /// <summary>The names in a list of names; none where it lacks, or is no list.</summary>
    internal IEnumerable<string> Names(string field) => Json.TryGetProperty(field, out var names) && names.ValueKind == JsonValueKind.Array
        ? names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)
            .Where(name => name.Length > 0)
        : [];

    /// <summary>Why the tensors under it are not of its type; null where they may be.</summary>
    internal string? FaultOfTensors(IReadOnlyList<string> keys) => type is null ? null : new PeftClaims(this, type, keys).FaultOfType();

    /// <summary>What it tells of tensors that are not there.</summary>
    internal IEnumerable<PassedOver> NotBorneOut(IReadOnlyList<string> keys) =>
        type is null ? [] : new PeftClaims(this, type, keys).NotBorneOut();

    /// <summary>What is read where it tells nothing.</summary>
    internal IEnumerable<string> Defaults()
    {
        if (type?.Alpha is { } alpha && !Json.TryGetProperty(alpha, out _))
            yield return string.Create(
                CultureInfo.InvariantCulture, $"adapter_config.json tells no {alpha}: it is read as PEFT's default, {type.DefaultAlpha}");
        bool tellsRank = type?.Rank is not { } rank || Json.TryGetProperty(rank, out _);
        if (!tellsRank)
            yield return $"adapter_config.json tells no {type!.Rank}: the rank is that of the factors, and PEFT would take its default";
        if (type is not null && PeftFieldUses.DropoutOf(type) is { } dropout && Json.TryGetProperty(dropout, out var share)
            && !PeftFieldUses.IsEmpty(share))
            yield return TrainedDropouts.NotInForce($"{dropout} {share.GetRawText()}");
    }

    /// <summary>Fields that are set and not known here.</summary>
    internal IEnumerable<PassedOver> NotUnderstood()
    {
        if (type is null) yield break;
        foreach (var field in Json.EnumerateObject())
            if (PeftFieldUses.Of(type, field.Name) is null && !PeftFieldUses.IsEmpty(field.Value))
                yield return new("config field", field.Name, "what it does is not known here");
    }

    /// <summary>The fields that go along to what is made of the adapter, beside <see cref="PeftCarriedFields"/>.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Along() => type is null ? [] : PeftFieldUses.Along(Json, type);

    /// <summary>Why factors of this rank are not what a module's own configuration tells; null where they are.</summary>
    internal static string? FaultOfRank(JsonElement at, PeftType type, long rank)
    {
        bool isTold = type.Rank is not null && type.Patterns.Any(p => p.Field == type.Rank);
        if (!isTold || rank == 0 || !at.TryGetProperty(type.Rank!, out var told) || told.ValueKind != JsonValueKind.Number) return null;
        if (told.GetDouble() == rank) return null;
        return $"adapter_config.json tells rank {told.GetRawText()}, and the factors have rank {rank}, so that the scale is not known. " +
            "Is the configuration of another adapter?";
    }

    /// <summary>Alpha over the rank in a module's own configuration; with rsLoRA √rank times more.</summary>
    internal static double Alpha(JsonElement at, PeftType type, long rank)
    {
        bool isTold = at.TryGetProperty(type.Alpha!, out var value) && value.ValueKind == JsonValueKind.Number;
        double alpha = isTold ? value.GetDouble() : type.DefaultAlpha;
        bool isStabilized = at.TryGetProperty("use_rslora", out var stabilized) && stabilized.ValueKind == JsonValueKind.True;
        return isStabilized ? alpha * Math.Sqrt(rank) : alpha;
    }

    /// <summary>The configuration of a single module: what patterns set for it stands in the fields.</summary>
    internal JsonElement At(PeftType type, string path)
    {
        var own = new Dictionary<string, JsonElement>();
        foreach (var (field, pattern) in type.Patterns)
            if (Pattern(pattern, path) is { } value) own[field] = value;
        if (own.Count == 0) return Json;
        // Without the patterns, which may be as many as there are layers.
        foreach (var field in Json.EnumerateObject())
            if (!type.Patterns.Any(p => p.Pattern == field.Name)) own.TryAdd(field.Name, field.Value);
        return PlainJson.Element(own);
    }

    /// <summary>Whether a module scales its input (IA3): its path ends with one of the names, or is what the expression means.</summary>
    internal bool IsFeedforward(string path)
    {
        if (!Json.TryGetProperty("feedforward_modules", out var names)) return false;
        return names.ValueKind switch
        {
            JsonValueKind.String => Matches(names.GetString()!, path),
            JsonValueKind.Array => names.EnumerateArray().Any(name => IsEndOf(path, name)),
            _ => false,
        };
    }

    static bool IsEndOf(string path, JsonElement name) =>
        name.ValueKind == JsonValueKind.String && path.EndsWith(name.GetString()!, StringComparison.Ordinal);

    /// <summary>
    /// The tokens that are trained at a module: token_indices, or trainable_token_indices, a list or one for each name; null where there
    /// are none.
    /// </summary>
    internal long[]? Tokens(string path)
    {
        if (!Json.TryGetProperty("token_indices", out var list) || list.ValueKind != JsonValueKind.Array)
            if (!Json.TryGetProperty("trainable_token_indices", out list)) return null;
        if (list.ValueKind == JsonValueKind.Object)
        {
            var own = list.EnumerateObject().FirstOrDefault(entry => IsEnd(path, entry.Name));
            list = own.Name is null ? default : own.Value;
        }
        if (list.ValueKind != JsonValueKind.Array) return null;
        return [.. list.EnumerateArray().Select(Token)];
    }

    static long Token(JsonElement id) => id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out long token)
        ? token
        : throw new LowrankException($"{id.GetRawText()} among the token indices of adapter_config.json is no token");

    // A key is a regular expression for the end of a path, behind a dot or whole; the first that matches counts.
    JsonElement? Pattern(string field, string path)
    {
        if (!Json.TryGetProperty(field, out var patterns) || patterns.ValueKind != JsonValueKind.Object) return null;
        foreach (var pattern in patterns.EnumerateObject())
            if (Matches(pattern.Name, path)) return pattern.Value;
        return null;
    }

    /// <summary>Whether an expression means a path by its end.</summary>
    internal bool Matches(string pattern, string path)
    {
        if (!known.TryGetValue(pattern, out var read)) known[pattern] = read = new PathPattern(pattern);
        return read.Matches(path);
    }

    readonly Dictionary<string, PathPattern> known = [];
}

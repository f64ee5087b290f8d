using System.Text.Json;
using System.Text.RegularExpressions;

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
    public string Type => Json.TryGetProperty("peft_type", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>What keeps the adapter from being understood, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (type is null)
            yield return $"peft_type \"{Type}\" is none that is known here ({string.Join(", ", PeftTypes.All.Select(t => t.Name))})";
        foreach (string field in type?.Unsupported ?? [])
            if (Json.TryGetProperty(field, out var value) && !IsEmpty(value)) yield return $"{field} is {value.GetRawText()}, and what it does is not known here";
    }

    static bool IsEmpty(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.False || value.GetRawText() is "{}" or "[]";

    /// <summary>Alpha over the rank in a module's own configuration; with rsLoRA √rank times more.</summary>
    internal static double Alpha(JsonElement at, PeftType type, long rank)
    {
        double alpha = at.TryGetProperty(type.Alpha!, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : type.DefaultAlpha;
        return at.TryGetProperty("use_rslora", out var stabilized) && stabilized.ValueKind == JsonValueKind.True ? alpha * Math.Sqrt(rank) : alpha;
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
            JsonValueKind.Array => names.EnumerateArray().Any(name => name.ValueKind == JsonValueKind.String && path.EndsWith(name.GetString()!, StringComparison.Ordinal)),
            _ => false,
        };
    }

    /// <summary>The tokens that are trained at a module: token_indices, or trainable_token_indices, a list or one for each name; null where there are none.</summary>
    internal long[]? Tokens(string path)
    {
        if (!Json.TryGetProperty("token_indices", out var list) || list.ValueKind != JsonValueKind.Array)
            if (!Json.TryGetProperty("trainable_token_indices", out list)) return null;
        if (list.ValueKind == JsonValueKind.Object)
        {
            var own = list.EnumerateObject().FirstOrDefault(entry => path == entry.Name || path.EndsWith("." + entry.Name, StringComparison.Ordinal));
            list = own.Name is null ? default : own.Value;
        }
        if (list.ValueKind != JsonValueKind.Array) return null;
        return [.. list.EnumerateArray().Select(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out long token) ? token : throw new LowrankException($"{id.GetRawText()} among the token indices of adapter_config.json is no token"))];
    }

    // A key is a regular expression for the end of a path, behind a dot or whole; the first that matches counts.
    JsonElement? Pattern(string field, string path)
    {
        if (!Json.TryGetProperty(field, out var patterns) || patterns.ValueKind != JsonValueKind.Object) return null;
        foreach (var pattern in patterns.EnumerateObject())
            if (Matches(pattern.Name, path)) return pattern.Value;
        return null;
    }

    bool Matches(string pattern, string path)
    {
        if (!known.TryGetValue(pattern, out var read)) known[pattern] = read = new PathPattern(pattern);
        return read.Matches(path);
    }

    readonly Dictionary<string, PathPattern> known = [];

    /// <summary>The fields that PEFT needs to load an adapter.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">The model, or those of its components that the fields are for.</param>
    /// <param name="pathOf">The path by which PEFT knows a layer.</param>
    /// <exception cref="LowrankException">PEFT has no such method, or none that goes together with another of the adapter's.</exception>
    internal static SortedDictionary<string, object?> Of(Adapter adapter, ModelDescription model, Func<ModelComponent, Target, string> pathOf)
    {
        var named = new List<(string Path, Reparameterization Made)>();
        var biased = new List<string>();
        foreach (var component in model.Components)
            foreach (var (target, layer) in component.Targets)
                if (adapter.Targets.TryGetValue(target.Path, out var made))
                {
                    named.Add((pathOf(component, target), made));
                    if (made is Ia3 { OnInput: false, ScalesBias: false } && layer.Bias is not null) biased.Add(target.Path);
                }
        if (biased.Count > 0)
            throw new LowrankException($"PEFT's IA3 scales an output's bias, and this adapter does not, as at {biased[0]}; it cannot be written as PEFT's");
        var methods = named.Select(n => n.Made.Method.StoredAs ?? n.Made.Method).Distinct().ToList();
        var mains = methods.Where(m => !Companions.Contains(m.Name)).DefaultIfEmpty(methods[0]).ToList();
        if (mains.Count > 1) throw new LowrankException($"a PEFT folder holds one method, and the adapter has {string.Join(", ", mains.Select(m => m.Name))}");
        var method = mains[0];
        var type = PeftTypes.Of(method) is { Name.Length: > 0 } known ? known : throw new LowrankException($"PEFT has no method {method.Name}; it has {string.Join(", ", PeftTypes.All.Select(t => t.Method))}");

        var own = named.Where(n => (n.Made.Method.StoredAs ?? n.Made.Method) == method).ToList();
        var config = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["peft_type"] = type.Name, ["task_type"] = null, ["base_model_name_or_path"] = adapter.Metadata.GetValueOrDefault("base_model_name_or_path"),
            ["inference_mode"] = true,
            ["target_modules"] = TargetModules([.. own.Select(n => n.Path)], model, pathOf),
            ["fan_in_fan_out"] = own.TrueForAll(n => n.Made.Target.Kind == LayerKind.TransposedLinear),
        };
        if (own[0].Made.Settings is { } given)
        {
            // As the stored method's own: a merged LoRA's options are told as a LoRA's.
            var settings = method.OwnOptions(given);
            foreach (var argument in method.Arguments)
            {
                string field = type.Fields.GetValueOrDefault(argument.Name, argument.Name);
                if (argument.Get is null || field.Length == 0) continue;
                if (type.Patterns.FirstOrDefault(p => p.Field == field).Pattern is { } pattern) Patterned(config, field, pattern, own, made => argument.Get(method.OwnOptions(made.Settings!)));
                else if (argument.Get(settings) is { } value) config[field] = value;
            }
        }
        if (type.Rank is { } rankField) Patterned(config, rankField, "rank_pattern", own, made => Scales(made).Rank);
        if (type.Alpha is { } alphaField) Patterned(config, alphaField, "alpha_pattern", own, made => Scales(made).Alpha);
        if (type.Name == "IA3") config["feedforward_modules"] = own.Where(n => n.Made is Ia3 { OnInput: true }).Select(n => n.Path).ToList();
        if (own.Exists(n => n.Made.Settings?.Dora is not null)) config["use_dora"] = true;
        if (named.Exists(n => n.Made is TrainedBias { IsWhole: true })) config["bias"] = type.Name == "LORA" ? "lora_only" : type.Name.ToLowerInvariant() + "_only";
        var saved = named.Where(n => n.Made.Method.Name == "whole").Select(n => n.Path).ToList();
        var tokens = named.Where(n => n.Made is TrainableTokens).ToList();
        if (tokens.Count > 0 && type.Method != "trainable-tokens")
            config["trainable_token_indices"] = tokens.ToDictionary(n => n.Path, n => ((TrainableTokensOptions)n.Made.Settings!).Tokens);
        if (saved.Count > 0 && method.Name != "whole") config["modules_to_save"] = saved;
        return config;
    }

    // Methods that PEFT stores beside another.
    static readonly string[] Companions = ["whole", "trainable-tokens"];

    // Rank and alpha as PEFT takes them; what cannot be told is null.
    static (object? Rank, object? Alpha) Scales(Reparameterization made)
    {
        double? alpha = made.Parts.FirstOrDefault(p => p.Part == "alpha").Value?.ToDouble();
        long? rank = Facts(made)?.Rank;
        // PEFT divides by the rank also where both factors of a LoKr are whole, which a large rank asks for.
        if (rank == 0 && made is Lokr lokr)
        {
            double told = lokr.Alpha / lokr.Scale;
            rank = told == Math.Round(told) && told >= 1 ? (long)told : Math.Max(made.Target.Out, made.Target.Columns);
            alpha = lokr.Scale * rank;
        }
        return (rank, alpha is { } number && number == Math.Round(number) && Math.Abs(number) < 1e9 ? (long)number : alpha);
    }

    static PartFacts? Facts(Reparameterization made) => made.Method.Facts(made.Parts.ToDictionary(p => p.Part, p => p.Value.shape));

    // The commonest value is the field; where others differ, every layer is listed, longer paths first, since a pattern fits ends of paths too.
    static void Patterned(
        SortedDictionary<string, object?> config, string field, string patterns, List<(string Path, Reparameterization Made)> layers, Func<Reparameterization, object?> valueOf)
    {
        var values = layers.Select(layer => (layer.Path, Value: valueOf(layer.Made))).Where(v => v.Value is not null).ToList();
        if (values.Count == 0) return;
        config[field] = values.GroupBy(v => v.Value).MaxBy(group => group.Count())!.Key;
        if (values.Select(v => v.Value).Distinct().Count() > 1)
            config[patterns] = values.OrderByDescending(v => v.Path.Length).ToDictionary(v => v.Path, v => v.Value);
    }

    // A list names ends of paths: where one would name another layer too, a regular expression of whole paths takes its place.
    static object TargetModules(List<string> paths, ModelDescription model, Func<ModelComponent, Target, string> pathOf)
    {
        var others = model.Components.SelectMany(c => c.Targets.Select(t => pathOf(c, t.Target))).Except(paths);
        return others.Any(other => paths.Exists(path => other.EndsWith("." + path, StringComparison.Ordinal)))
            ? $"({string.Join("|", paths.Select(Regex.Escape))})"
            : paths;
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>What a configuration says of a model's layers, held against those that a file has tensors for.</summary>
/// <remarks>
/// The rules of names are PEFT 0.21.2's, tuners/tuners_utils.py: the end of a path behind a dot, or an expression of a whole path.
/// </remarks>
static class PeftTargets
{
    const string AllLinear = "all-linear", Layers = "layers_to_transform", LayersPattern = "layers_pattern";

    /// <summary>What keeps the file from being what its configuration says, a sentence each.</summary>
    public static IEnumerable<string> Faults(PeftView view, ModelComponent component, PeftConfig config)
    {
        var stored = Stored(view, component, config);
        if (stored.Count > 0 && !stored.Exists(Targets(config, [])))
            yield return $"{Chosen(config)}, which means none of the {stored.Count} layers that the file has factors for, such as " +
                $"{stored[0]}. Is the configuration of another adapter?";
        foreach (string name in config.Names("modules_to_save"))
        {
            var meant = component.Targets.Select(target => component.PathOf(target.Target)).Where(path => IsWithin(path, name)).ToList();
            bool isThere = meant.Exists(path => view.Keys.Any(key => key.Contains($".{path}.", StringComparison.Ordinal)));
            if (meant.Count > 0 && !isThere)
                yield return $"modules_to_save names {name}, which the model has as {meant[0]}, and the file holds nothing of it";
        }
    }

    /// <summary>What a file holds that PEFT would not use.</summary>
    public static IEnumerable<string> Notes(PeftView view, ModelComponent component, PeftConfig config)
    {
        var asked = new List<(string Field, PeftExpression Expression)>();
        var isTarget = Targets(config, asked);
        var left = Stored(view, component, config).FindAll(path => !isTarget(path));
        foreach (var (field, expression) in asked)
            if (expression.Fault is { } fault)
                yield return $"{field} is \"{expression.Text}\", which cannot be held against the layers here: {fault}";
        if (left.Count == 0) yield break;
        string[] fields = [.. choosing.Where(field => IsTold(config, field))];
        string verb = fields.Length == 1 ? "leaves" : "leave";
        yield return $"{string.Join(" and ", fields)} {verb} out {left.Count} layers that the file has " +
            $"factors for, such as {left[0]}: PEFT would not use them, and here they are used";
    }

    // The fields that choose layers.
    static readonly string[] choosing = ["target_modules", "exclude_modules", Layers, LayersPattern];

    static bool IsTold(PeftConfig config, string field) =>
        config.Json.TryGetProperty(field, out var value) && (field == Layers ? HasLayers(value) : !PeftFieldUses.IsEmpty(value));

    static string Chosen(PeftConfig config) => string.Join(" and ",
        choosing.Where(field => IsTold(config, field)).Select(field => $"{field} is {config.Json.GetProperty(field).GetRawText()}"));

    // The layers of the configuration's own method.
    static List<string> Stored(PeftView view, ModelComponent component, PeftConfig config)
    {
        if (PeftTypes.Named(config.Type) is not { Parts.Length: > 0, Method: not "trainable-tokens" } type) return [];
        return [.. component.Targets.Select(target => component.PathOf(target.Target))
            .Where(path => type.Parts.Any(part => view.Info(PeftSpelling.Prefix + path + part.Suffix) is not null))
            .Where(path => !config.Names(PeftStacks.Field).Any(name => PeftConfig.IsEnd($"{path}.weight", name)))];
    }

    // Layer 0 alone is a number that is not empty.
    static bool HasLayers(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number || value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0;

    // Of modules that a list names PEFT takes those whose layer has one of the numbers, and leaves out those that stand in no layer.
    static bool IsOfLayers(PeftConfig config, string path)
    {
        if (!config.Json.TryGetProperty(Layers, out var layers) || !HasLayers(layers)) return true;
        var match = Numbered(config).Select(pattern => MatchOf(pattern, path)).FirstOrDefault(found => found.Success);
        if (match is null) return false;
        string number = match.Groups[1].Value;
        return layers.ValueKind == JsonValueKind.Number
            ? layers.GetRawText() == number
            : layers.EnumerateArray().Any(layer => layer.GetRawText() == number);
    }

    static IEnumerable<string> Numbered(PeftConfig config)
    {
        bool isTold = config.Json.TryGetProperty(LayersPattern, out var told) && !PeftFieldUses.IsEmpty(told);
        if (!isTold) return [@"^.*?\.[^.]*\.(\d+)\."];
        string[] rows = told.ValueKind == JsonValueKind.String ? [told.GetString()!] : [.. config.Names(LayersPattern)];
        return rows.Select(row => $@"^.*\.{row}\.(\d+)\.");
    }

    // Whether PEFT would adapt a path; what is not known counts as adapted. The expressions that are asked come into a list.
    static Predicate<string> Targets(PeftConfig config, List<(string Field, PeftExpression Expression)> asked)
    {
        var taken = Meant(config, "target_modules", otherwise: true, asked);
        var left = Meant(config, "exclude_modules", otherwise: false, asked);
        return path => taken(path) && !left(path) && IsOfLayers(config, path);
    }

    static Predicate<string> Meant(
        PeftConfig config, string field, bool otherwise, List<(string Field, PeftExpression Expression)> asked)
    {
        if (!config.Json.TryGetProperty(field, out var value) || PeftFieldUses.IsEmpty(value)) return _ => otherwise;
        if (value.ValueKind == JsonValueKind.Array) return path => config.Names(field).Any(name => PeftConfig.IsEnd(path, name));
        if (value.ValueKind != JsonValueKind.String || value.GetString() == AllLinear) return _ => otherwise;
        var expression = new PeftExpression(value.GetString()!);
        asked.Add((field, expression));
        return path => expression.Means(path) ?? otherwise;
    }

    static Match MatchOf(string expression, string path)
    {
        try
        {
            return Regex.Match(path, expression, RegexOptions.None, TimeSpan.FromSeconds(0.2));
        }
        catch (Exception error) when (error is ArgumentException or RegexMatchTimeoutException)
        {
            string what = $"\"{expression}\" in adapter_config.json is no regular expression that can be used";
            throw new LowrankException($"{what}: {error.Message}", error);
        }
    }

    // PEFT compares the end of a module's name as text; what lies below such a module is saved with it.
    static bool IsWithin(string path, string name)
    {
        for (int end = path.Length; end > 0; end = path.LastIndexOf('.', end - 1))
            if (path[..end].EndsWith(name, StringComparison.Ordinal)) return true;
        return false;
    }
}

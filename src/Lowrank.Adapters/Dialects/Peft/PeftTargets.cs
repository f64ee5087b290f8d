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
        if (stored.Count > 0 && stored.TrueForAll(path => !IsTarget(config, path)))
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
        var left = Stored(view, component, config).FindAll(path => !IsTarget(config, path));
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

    static bool IsTarget(PeftConfig config, string path) =>
        Means(config, "target_modules", path, otherwise: true) && !Means(config, "exclude_modules", path, otherwise: false)
        && IsOfLayers(config, path);

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

    static bool Means(PeftConfig config, string field, string path, bool otherwise)
    {
        if (!config.Json.TryGetProperty(field, out var value) || PeftFieldUses.IsEmpty(value)) return otherwise;
        if (value.ValueKind == JsonValueKind.Array) return config.Names(field).Any(name => PeftConfig.IsEnd(path, name));
        if (value.ValueKind != JsonValueKind.String || value.GetString() == AllLinear) return otherwise;
        return MeansWhole(value.GetString()!, path);
    }

    static bool MeansWhole(string expression, string path) => MatchOf($"^(?:{expression})$", path).Success;

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

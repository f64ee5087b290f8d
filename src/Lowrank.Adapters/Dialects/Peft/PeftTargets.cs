using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>What a configuration says of a model's layers, held against those that a file has tensors for.</summary>
/// <remarks>
/// The rules of names are PEFT 0.21.2's, tuners/tuners_utils.py: the end of a path behind a dot, or an expression of a whole path.
/// </remarks>
static class PeftTargets
{
    const string AllLinear = "all-linear";

    /// <summary>What keeps the file from being what its configuration says, a sentence each.</summary>
    public static IEnumerable<string> Faults(PeftView view, ModelComponent component, PeftConfig config)
    {
        var stored = Stored(view, component, config);
        if (stored.Count > 0 && !stored.Exists(Targets(config, [])))
            yield return $"target_modules is {config.Json.GetProperty("target_modules").GetRawText()}, which means none of the " +
                $"{stored.Count} layers that the file has factors for, such as {stored[0]}. Is the configuration of another adapter?";
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
        if (left.Count > 0)
            yield return $"target_modules and exclude_modules leave out {left.Count} layers that the file has factors for, such " +
                $"as {left[0]}: PEFT would not use them, and here they are used";
    }

    // The layers of the configuration's own method.
    static List<string> Stored(PeftView view, ModelComponent component, PeftConfig config)
    {
        if (PeftTypes.Named(config.Type) is not { Parts.Length: > 0, Method: not "trainable-tokens" } type) return [];
        return [.. component.Targets.Select(target => component.PathOf(target.Target))
            .Where(path => type.Parts.Any(part => view.Info(PeftSpelling.Prefix + path + part.Suffix) is not null))
            .Where(path => !config.Names(PeftStacks.Field).Any(name => PeftConfig.IsEnd($"{path}.weight", name)))];
    }

    // Whether PEFT would adapt a path; what is not known counts as adapted. The expressions that are asked come into a list.
    static Predicate<string> Targets(PeftConfig config, List<(string Field, PeftExpression Expression)> asked)
    {
        var taken = Meant(config, "target_modules", otherwise: true, asked);
        var left = Meant(config, "exclude_modules", otherwise: false, asked);
        return path => taken(path) && !left(path);
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

    // PEFT compares the end of a module's name as text; what lies below such a module is saved with it.
    static bool IsWithin(string path, string name)
    {
        for (int end = path.Length; end > 0; end = path.LastIndexOf('.', end - 1))
            if (path[..end].EndsWith(name, StringComparison.Ordinal)) return true;
        return false;
    }
}

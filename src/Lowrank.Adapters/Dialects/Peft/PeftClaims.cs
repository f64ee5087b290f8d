using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>What adapter_config.json tells of tensors, held against the tensors that are there: a half of an adapter is told.</summary>
/// <param name="config">The configuration.</param>
/// <param name="type">The type that it names.</param>
/// <param name="keys">The tensors under it, below what PEFT puts before a path; whole keys of what is shared.</param>
sealed class PeftClaims(PeftConfig config, PeftType type, IReadOnlyList<string> keys)
{
    // What PEFT reads as an adapter of no layer.
    const string NoModules = "dummy-target-modules";

    /// <summary>Why the type is not what the tensors are of; null where it may be.</summary>
    public string? FaultOfType()
    {
        if (type.Name.Length == 0 || keys.Any(key => IsOf(type, key))) return null;
        foreach (var other in PeftTypes.All.Where(t => t.Name.Length > 0 && t.Method != "trainable-tokens"))
            if (keys.FirstOrDefault(key => IsOf(other, key)) is { } key)
                return $"adapter_config.json tells peft_type {type.Name}, and the tensors are of {other.Name}, as {key} is. " +
                    "Is the configuration of another adapter?";
        return null;
    }

    static bool IsOf(PeftType type, string key) =>
        type.Parts.Any(part => key.EndsWith(part.Suffix, StringComparison.Ordinal)) || type.Shared.ToOwn(key) is not null
        || key == PeftPrompts.Key && PeftPrompts.Types.Contains(type.Name);

    /// <summary>Fields that tell of tensors that are not there.</summary>
    public IEnumerable<PassedOver> NotBorneOut() =>
        Switches().Concat(Named("target_modules")).Concat(Named("modules_to_save")).Concat(Parameters()).Concat(Tokens())
            .Concat(type.Patterns.SelectMany(p => Patterned(p.Pattern)));

    IEnumerable<PassedOver> Switches()
    {
        bool hasDora = config.Json.TryGetProperty("use_dora", out var dora) && dora.ValueKind == JsonValueKind.True;
        if (hasDora && !keys.Any(key => key.Contains(".lora_magnitude_vector", StringComparison.Ordinal)))
            yield return new("config field", "use_dora", "no layer has DoRA's magnitudes; what is there is read as a plain LoRA");
        bool hasBias = config.Json.TryGetProperty("bias", out var bias) && bias.ValueKind == JsonValueKind.String
            && bias.GetString() is not ("none" or "");
        if (hasBias && !keys.Any(key => key.EndsWith(".bias", StringComparison.Ordinal)))
            yield return new("config field", $"bias ({bias.GetString()})", "the file holds no biases");
    }

    // A parameter's factors stand under its module.
    IEnumerable<PassedOver> Parameters()
    {
        foreach (string name in config.Names(PeftStacks.Field))
            if (!Has(name[..Math.Max(0, name.LastIndexOf('.'))]))
                yield return new("config entry", $"{name} of {PeftStacks.Field}", "the file holds no tensors of a layer of that name");
    }

    // What PEFT calls the heads of classifiers: it writes both names, whichever of them the model has.
    static readonly string[] heads = ["classifier", "score"];

    bool IsOtherHead(string name) => heads.Contains(name) && heads.Any(Has);

    IEnumerable<PassedOver> Named(string field)
    {
        foreach (string name in config.Names(field))
            if (name != NoModules && !Has(name) && !IsOtherHead(name))
                yield return new("config entry", $"{name} of {field}", "the file holds no tensors of a layer of that name");
    }

    IEnumerable<PassedOver> Tokens()
    {
        if (!config.Json.TryGetProperty("trainable_token_indices", out var tokens) || PeftFieldUses.IsEmpty(tokens)) yield break;
        var trained = keys.Where(key => key.Contains("trainable_tokens_delta", StringComparison.Ordinal)).ToList();
        const string Lacking = "the file holds no rows of trained tokens for it";
        if (tokens.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in tokens.EnumerateObject())
                if (!trained.Exists(key => Contains(key, entry.Name)))
                    yield return new("config entry", $"{entry.Name} of trainable_token_indices", Lacking);
        }
        else if (trained.Count == 0)
        {
            yield return new("config field", "trainable_token_indices", Lacking);
        }
    }

    IEnumerable<PassedOver> Patterned(string field)
    {
        if (!config.Json.TryGetProperty(field, out var patterns) || patterns.ValueKind != JsonValueKind.Object) yield break;
        var paths = keys.Select(PathOf).OfType<string>().Distinct().ToList();
        foreach (var pattern in patterns.EnumerateObject())
            if (!MatchesAny(pattern.Name, paths))
                yield return new("config entry", $"{pattern.Name} of {field}", "it fits no layer that the file has tensors for");
    }

    string? PathOf(string key) => type.Parts.Select(part => part.Suffix).Where(suffix => key.EndsWith(suffix, StringComparison.Ordinal))
        .MaxBy(suffix => suffix.Length) is { } longest ? key[..^longest.Length] : null;

    // What is no expression is told where layers are made.
    bool MatchesAny(string pattern, List<string> paths)
    {
        try
        {
            return paths.Exists(path => config.Matches(pattern, path));
        }
        catch (LowrankException)
        {
            return true;
        }
    }

    bool Has(string name) => keys.Any(key => Contains(key, name));

    static bool Contains(string key, string name) => $".{key}.".Contains($".{name}.", StringComparison.Ordinal);
}

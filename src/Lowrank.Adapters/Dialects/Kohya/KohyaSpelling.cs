using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>kohya's names: a prefix for the component, and the layer's path with underscores for dots.</summary>
/// <param name="start">What every name begins with: "lora".</param>
/// <param name="suffixes">The suffixes; null takes all that there are.</param>
partial class KohyaSpelling(string start = "lora", IReadOnlyList<(string Suffix, string Method, string Part)>? suffixes = null) : Spelling
{
    const string Program = "kohya";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } = suffixes ?? KohyaParts.All;

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        var prefixes = component.Aliases.TryGetValue(Program, out var alias) ? alias.Names : [component.Name];
        return Paths(component, target).SelectMany(path => prefixes.Select(prefix => $"{start}_{prefix}_{path.Replace('.', '_')}"));
    }

    IEnumerable<string> Paths(ModelComponent component, Target target)
    {
        var own = component.PathsOf(target);
        var others = component.OtherNames.Keys.Select(spelling => component.PathIn(spelling, target)).OfType<string>();
        return SpellingOf(component) is { } first && component.PathIn(first, target) is { } written
            ? others.Prepend(written).Concat(own).Distinct()
            : own.Concat(others);
    }

    /// <summary>The spelling in which a component's paths are written; null for the published one.</summary>
    protected virtual string? SpellingOf(ModelComponent component) => component.Aliases.GetValueOrDefault(Program)?.Spelling;

    /// <summary>
    /// Some converters write the prefix twice, and an underscore before the part: <c>lora_unet_unet_..._to_q_lora_down.weight</c>.
    /// </summary>
    public override string? Mend(string key)
    {
        if (Doubled().Match(key) is not { Success: true } doubled) return null;
        string name = doubled.Groups["once"].Value + key[doubled.Length..];
        foreach (var (suffix, _, _) in Suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal)) return name;
            if (name.EndsWith("_" + suffix[1..], StringComparison.Ordinal)) return name[..^suffix.Length] + suffix;
        }
        return null;
    }

    [GeneratedRegex("^(?<once>lora_(?<component>[a-z0-9]+)_)\\k<component>_")]
    private static partial Regex Doubled();
}

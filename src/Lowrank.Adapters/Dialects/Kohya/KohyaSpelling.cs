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

    // PEFT's words for a LoRA's factors, which some converters leave behind kohya's names.
    static readonly (string Theirs, string Own)[] words =
    [
        (".lora_A.weight", ".lora_down.weight"), (".lora_B.weight", ".lora_up.weight"),
        (".lora_A.default.weight", ".lora_down.weight"), (".lora_B.default.weight", ".lora_up.weight"),
        (".lora_A", ".lora_down.weight"), (".lora_B", ".lora_up.weight"),
    ];

    /// <summary>
    /// Some converters write the prefix twice, an underscore before the part (<c>lora_unet_unet_..._to_q_lora_down.weight</c>), or PEFT's
    /// words for the factors.
    /// </summary>
    public override string? Mend(string key)
    {
        var doubled = Doubled().Match(key);
        string name = doubled.Success ? doubled.Groups["once"].Value + key[doubled.Length..] : key;
        string mended = Ended(name) ?? name;
        return mended == key ? null : mended;
    }

    string? Ended(string name)
    {
        foreach (var (theirs, own) in words)
            if (name.EndsWith(theirs, StringComparison.Ordinal)) return name[..^theirs.Length] + own;
        // The shorter ".weight" ends most of them, and would take an underscore for a layer's.
        foreach (var suffix in Suffixes.Select(s => s.Suffix).Where(s => s == ".alpha" || s.Contains('_')))
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal)) return name;
            if (name.EndsWith("_" + suffix[1..], StringComparison.Ordinal)) return name[..^suffix.Length] + suffix;
        }
        return null;
    }

    [GeneratedRegex("^(?<once>lora_(?<component>[a-z0-9]+)_)(lora_)?\\k<component>_")]
    private static partial Regex Doubled();
}

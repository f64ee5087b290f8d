using Lowrank.Adapters;
using Lowrank.Torch;

namespace Goldens;

/// <summary>Where the keys of a dialect belong: the target that a key names by any of the dialect's names for it, and the part.</summary>
sealed class PlacedKeys
{
    readonly Dialect dialect;
    readonly Dictionary<string, Target> targets = [];

    public PlacedKeys(Dialect dialect, ModelDescription model)
    {
        this.dialect = dialect;
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
                foreach (string name in dialect.Spelling.Names(model, component, target)) targets.TryAdd(name, target);
    }

    /// <summary>The target of that name, or null.</summary>
    public Target? Named(string name) => targets.GetValueOrDefault(name);

    /// <summary>The target's path and the part that a key holds, of those that the adapter has there or that any layer may have; null for a key of nothing known.</summary>
    public (string Path, string Part)? Place(string key, Adapter adapter)
    {
        foreach (var suffix in dialect.Spelling.Suffixes.GroupBy(s => s.Suffix).OrderByDescending(s => s.Key.Length))
            if (key.EndsWith(suffix.Key, StringComparison.Ordinal) && Named(key[..^suffix.Key.Length]) is { } target && adapter.Targets.TryGetValue(target.Path, out var made))
            {
                var parts = suffix.Select(s => s.Part).ToList();
                return (target.Path, made.Parts.Select(p => p.Part).FirstOrDefault(parts.Contains) ?? parts[0]);
            }
        return null;
    }
}

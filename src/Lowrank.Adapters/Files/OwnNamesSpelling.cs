namespace Lowrank.Adapters;

/// <summary>A dialect's parts under the names that files have for their layers, whatever these mean.</summary>
/// <remarks>A part that the files hold is written under its own key, and another as the files end the keys of its like.</remarks>
sealed class OwnNamesSpelling : Spelling
{
    static readonly Dictionary<string, string> sameOfNorms = new() { ["w_norm"] = "diff", ["b_norm"] = BiasChange.Part };

    readonly Spelling inner;
    readonly Dictionary<(string Name, string Part), string> keys = [];
    readonly Dictionary<string, string> endings = [];

    /// <summary>Of files' keys.</summary>
    /// <param name="inner">The dialect's spelling, which knows the endings.</param>
    /// <param name="keys">The files' keys.</param>
    public OwnNamesSpelling(Spelling inner, IReadOnlyList<string> keys)
    {
        this.inner = inner;
        foreach (var key in keys)
        {
            if (KeyEnd.Of(inner, key) is not var (name, suffix)) continue;
            foreach (var (_, _, part) in inner.Suffixes.Where(s => s.Suffix == suffix))
            {
                this.keys.TryAdd((name, part), key);
                if (key.StartsWith(name, StringComparison.Ordinal)) endings.TryAdd(part, key[name.Length..]);
            }
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes => inner.Suffixes;

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target) =>
        [component.PathOf(target)];

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role)
    {
        if (keys.TryGetValue((name, part), out var key)) return key;
        // What is one change of a norm has two names.
        if (sameOfNorms.TryGetValue(part, out var other) && keys.TryGetValue((name, other), out var same)) return same;
        return endings.TryGetValue(part, out var ending) ? name + ending : inner.KeyOf(made, part, name, role);
    }

    /// <inheritdoc/>
    public override string? SharedPart(string key) => inner.SharedPart(key);

    /// <inheritdoc/>
    public override string? Mend(string key) => inner.Mend(key);

    /// <inheritdoc/>
    public override string? WhyNotNeeded(string key) => inner.WhyNotNeeded(key);
}

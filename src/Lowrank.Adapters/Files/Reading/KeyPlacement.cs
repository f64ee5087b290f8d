namespace Lowrank.Adapters;

/// <summary>Places the keys of a file on the targets of a model.</summary>
/// <param name="model">The model.</param>
/// <param name="dialect">The dialect of the file.</param>
/// <param name="found">Is told of what stands in the file twice.</param>
sealed class KeyPlacement(ModelDescription model, Dialect dialect, ReadFindings found)
{
    // Where a key belongs, and the methods that have such a part; none for a part that any method may have.
    // A part that is loose belongs to those methods only where the layer has no other.
    readonly record struct Place(string Name, Target Target, IReadOnlyList<string> Methods, string Part, bool IsLoose);

    readonly Dictionary<string, Target> targets = TargetNames.Of(model, dialect);
    readonly Dictionary<string, string> nameOf = [];
    readonly List<(string Key, string Mended)> mends = [];

    /// <summary>The layers that the file names, by their names there.</summary>
    public Dictionary<string, PlacedLayer> Layers { get; } = [];

    /// <summary>Keys of what all targets share, by part.</summary>
    public Dictionary<string, string> Shared { get; } = [];

    /// <summary>Keys of known layers that are parts of what is not known.</summary>
    public List<string> Unsupported { get; } = [];

    /// <summary>Keys that belong to no target.</summary>
    public List<string> LeftOver { get; } = [];

    /// <summary>What the model's layers are called.</summary>
    public IEnumerable<string> Names => targets.Keys;

    /// <summary>What was read in place of keys that are misspelt; null where none is.</summary>
    public string? Mended => mends is [var (key, mended), ..]
        ? $"{mends.Count} keys are misspelt and were read as what they mean, such as {key} as {mended}"
        : null;

    /// <summary>Places a key.</summary>
    public void Add(string key)
    {
        if (dialect.Spelling.SharedPart(key) is { } part) Shared[part] = key;
        else if (dialect.Spelling.WhyNotNeeded(key) is { } reason) found.PassedOver.Add(new("tensor", key, reason));
        else if (PlaceOf(key) is { } place) Add(key, place);
        else if (IsOfKnownLayer(key)) Unsupported.Add(key);
        else LeftOver.Add(key);
    }

    void Add(string key, Place place)
    {
        var (name, target, methods, part, isLoose) = place;
        if (!nameOf.TryAdd(target.Path, name) && nameOf[target.Path] is var earlier && earlier != name)
        {
            found.Faults.Add($"{target.Path} stands in the file twice, as {earlier} and as {name}");
            return;
        }
        if (!Layers.TryGetValue(name, out var layer)) Layers[name] = layer = new(target);
        if (!layer.Keys.TryAdd(part, key))
            found.Faults.Add($"the {part} of {name} stands in the file twice, as {layer.Keys[part]} and as {key}");
        if (methods.Count > 0) (isLoose ? layer.Loose : layer.Methods).Add(methods);
    }

    Place? PlaceOf(string key)
    {
        if (Find(key) is { } place) return place;
        if (dialect.Spelling.Mend(key) is not { } mended || Find(mended) is not { } meant) return null;
        mends.Add((key, mended));
        return meant;
    }

    Place? Find(string key)
    {
        foreach (var (suffix, _, part) in dialect.Spelling.Suffixes)
        {
            if (!key.EndsWith(suffix, StringComparison.Ordinal)) continue;
            string name = key[..^suffix.Length];
            if (targets.TryGetValue(name, out var target)) return PlaceAt(name, target, suffix, part);
        }
        return null;
    }

    Place PlaceAt(string name, Target target, string suffix, string part)
    {
        var meanings = dialect.Spelling.Suffixes.Where(s => s.Suffix == suffix).Select(s => s.Method).ToList();
        return new(name, target, [.. meanings.Where(method => method.Length > 0)], part, meanings.Contains(""));
    }

    // Whether what stands before one of the key's dots is a layer's name.
    bool IsOfKnownLayer(string key)
    {
        for (int dot = key.LastIndexOf('.'); dot > 0; dot = key.LastIndexOf('.', dot - 1))
            if (targets.ContainsKey(key[..dot])) return true;
        return false;
    }
}

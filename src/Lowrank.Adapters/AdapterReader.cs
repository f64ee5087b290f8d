namespace Lowrank.Adapters;

/// <summary>Places the keys of one file on the targets of one model, and gathers every fault on the way.</summary>
sealed class AdapterReader(ITensorFile file, ModelDescription model, Dialect dialect)
{
    readonly Dictionary<string, Target> targets = Spellings(model, dialect);
    readonly List<(string Key, string Mended)> mends = [];

    /// <summary>Keys that belong to no target.</summary>
    public List<string> LeftOver { get; } = [];

    /// <summary>What makes the file unreadable.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What the user should be told.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The reparameterizations of the targets that the file names, in the file's order.</summary>
    public List<Reparameterization> Read()
    {
        var modules = new Dictionary<string, (Target Target, Dictionary<string, string> Keys, HashSet<string> Methods)>();
        var nameOf = new Dictionary<string, string>();
        foreach (var key in file.Tensors.Select(t => t.Name))
        {
            if (dialect.IsHarmless(key)) { Notes.Add($"{key} is not needed and was passed over"); continue; }
            if (Place(key) is not var (name, target, method, part)) { LeftOver.Add(key); continue; }
            if (nameOf.TryGetValue(target.Path, out var earlier) && earlier != name)
            {
                Faults.Add($"{target.Path} stands in the file twice, as {earlier} and as {name}");
                continue;
            }
            nameOf[target.Path] = name;
            if (!modules.TryGetValue(name, out var module)) modules[name] = module = (target, [], []);
            if (!module.Keys.TryAdd(part, key)) Faults.Add($"the {part} of {name} stands in the file twice, as {module.Keys[part]} and as {key}");
            if (method.Length > 0) module.Methods.Add(method);
        }
        var made = new List<Reparameterization>();
        foreach (var (name, (target, keys, methods)) in modules)
            if (Make(name, target, keys, methods) is { } reparameterization) made.Add(reparameterization);
        if (mends is [var first, ..]) Notes.Add($"{mends.Count} keys are misspelt and were read as what they mean, such as {first.Key} as {first.Mended}");
        if (made.Count == 0 && Faults.Count == 0) Faults.Add(LeftOver.Count > 0 ? "no key belongs to any layer" : "no layer is adapted");
        return made;
    }

    /// <summary>One sentence about the keys that belong to no target.</summary>
    public string LeftOverFault()
    {
        const int Listed = 8, Explained = 3;
        var unsupported = LeftOver.Select(OtherMethods.Of).Distinct().ToList();
        string keys = string.Join(", ", LeftOver.Take(Listed)) + (LeftOver.Count > Listed ? $" and {LeftOver.Count - Listed} more" : "");
        if (!unsupported.Contains(null)) return $"{LeftOver.Count} keys tell of what is not known here yet ({string.Join(", ", unsupported)}): {keys}";
        var near = LeftOver.Take(Explained).SelectMany(key => NearestNames.To(key, targets.Keys, 1)).Distinct();
        return $"{LeftOver.Count} keys belong to no layer: {keys} (nearest names of layers: {string.Join(", ", near)})";
    }

    Reparameterization? Make(string name, Target target, Dictionary<string, string> keys, HashSet<string> methods)
    {
        if (methods.Count == 0)
        {
            Notes.Add($"{name} has an alpha and no factors; it changes nothing");
            return null;
        }
        var method = Methods.All.First(m => m.Name == methods.First());
        var missing = method.Parts.Where(p => p.Required && !keys.ContainsKey(p.Name)).Select(p => p.Name).ToList();
        if (missing.Count > 0)
        {
            Faults.Add($"{name} has {string.Join(", ", keys.Keys)} and no {string.Join(", ", missing)}");
            return null;
        }
        var parts = new Dictionary<string, Tensor>();
        foreach (var (part, key) in keys)
            if (Part(name, part, key) is { } value) parts[part] = value;
        if (parts.Count < keys.Count) return null;
        try
        {
            return method.FromParts(target, parts);
        }
        catch (LowrankException error)
        {
            Faults.Add($"{name}: {error.Message}");
            return null;
        }
    }

    Tensor? Part(string name, string part, string key)
    {
        var value = file.Read(key);
        if (!value.is_floating_point() && part != "alpha")
            Faults.Add($"{key} holds {value.dtype}, and a factor is a float");
        else if (!value.to(ScalarType.Float32).isfinite().all().ToBoolean())
            Faults.Add($"{key} holds values that are not finite");
        else if (part == "alpha" && value.numel() != 1)
            Faults.Add($"{name}: alpha has {value.numel()} values, and it is one number");
        else if (value.numel() == 0 || part != "alpha" && value.dim() < 2)
            Faults.Add($"{key} has shape ({string.Join(", ", value.shape)}), which is no factor of rank 1 or more");
        else
        {
            if (part == "alpha" && value.ToDouble() == 0) Notes.Add($"{name} has alpha 0, which is read as the rank (scale 1), as its writers do");
            return part == "alpha" ? value.to(ScalarType.Float32).reshape([]) : value;
        }
        return null;
    }

    (string Name, Target Target, string Method, string Part)? Place(string key)
    {
        if (Find(key) is { } found) return found;
        if (dialect.Mend(key) is not { } mended || Find(mended) is not { } meant) return null;
        mends.Add((key, mended));
        return meant;
    }

    (string Name, Target Target, string Method, string Part)? Find(string key)
    {
        foreach (var (suffix, method, part) in dialect.Suffixes)
            if (key.EndsWith(suffix, StringComparison.Ordinal) && targets.TryGetValue(key[..^suffix.Length], out var target))
                return (key[..^suffix.Length], target, method, part);
        return null;
    }

    static Dictionary<string, Target> Spellings(ModelDescription model, Dialect dialect)
    {
        var spellings = new Dictionary<string, Target>();
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
                foreach (var name in dialect.Names(model, component, target))
                    if (!spellings.TryAdd(name, target) && spellings[name].Path != target.Path)
                        throw new LowrankException($"{dialect.Name} spells two layers as {name}: {spellings[name].Path} and {target.Path}");
        return spellings;
    }
}

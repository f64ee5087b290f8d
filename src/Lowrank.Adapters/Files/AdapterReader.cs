namespace Lowrank.Adapters;

/// <summary>Places the keys of one file on the targets of one model, and gathers every fault on the way.</summary>
sealed class AdapterReader(ITensorFile file, ModelDescription model, Dialect dialect, WeightSource weights)
{
    // How many keys a sentence names, and for how many the nearest known name is sought, which takes time.
    const int Listed = 8, Explained = 3;

    readonly Dictionary<string, Target> targets = Spellings(model, dialect);
    readonly Dictionary<string, TensorInfo> tensors = file.Tensors.ToDictionary(t => t.Name);
    readonly Dictionary<string, Module> modules = [];
    readonly Dictionary<string, string> nameOf = [];
    readonly List<(string Key, string Mended)> mends = [];
    readonly List<string> unsupported = [];
    readonly Dictionary<string, string> sharedKeys = [], sharedUnused = [];
    readonly Dictionary<MethodDescriptor, SharedParts> shared = [];

    // What a file holds of one target: keys by part.
    sealed record Module(Target Target, Dictionary<string, string> Keys, List<IReadOnlyList<string>> Methods, List<IReadOnlyList<string>> Loose);

    // Where a key belongs, and the methods that have such a part; none for a part that any method may have.
    // A part that is loose belongs to those methods only where
    // the layer has no other.
    readonly record struct Placed(string Name, Target Target, IReadOnlyList<string> Methods, string Part, bool Loose);

    /// <summary>Keys that belong to no target.</summary>
    public List<string> LeftOver { get; } = [];

    /// <summary>What makes the file unreadable.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What the user should be told.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The embeddings that the file brings; they belong to no scope.</summary>
    public IReadOnlyList<AdapterEmbedding> Embeddings => [.. words.Select(word => new AdapterEmbedding(word.Key, word.Value))];

    readonly Dictionary<string, Dictionary<string, Tensor>> words = [];

    // Vectors of a word, among those of the component whose words have that width.
    void Word(string key, string name, string? component)
    {
        var value = file.Read(key).to(ScalarType.Float32);
        var encoders = model.Components.Where(c => component is null ? c.Name.StartsWith("text_encoder", StringComparison.Ordinal) : c.Name == component).ToList();
        if (encoders.Count == 0)
        {
            LeftOver.Add(key);
            return;
        }
        long width = value.dim() > 0 ? value.shape[^1] : 0;
        var encoder = encoders.FirstOrDefault(c => WordWidth(c) is not { } own || own == width);
        if (encoder is null) Faults.Add($"{key} has vectors of width {width}, and the words of {encoders[0].Name} have {WordWidth(encoders[0])}");
        else if (value.dim() > 2 || value.numel() == 0) Faults.Add($"{key} has shape ({string.Join(", ", value.shape)}), and an embedding is vectors (count, width)");
        else if (!value.isfinite().all().ToBoolean()) Faults.Add($"{key} holds values that are not finite");
        else
        {
            if (!words.TryGetValue(name, out var vectors)) words[name] = vectors = [];
            if (!vectors.TryAdd(encoder.Name, value.reshape(-1, width).clone().DetachFromDisposeScope())) Faults.Add($"the embedding {name} stands in the file twice, the second time as {key}");
        }
    }

    static long? WordWidth(ModelComponent component) =>
        component.Targets.FirstOrDefault(t => t.Target.Kind == LayerKind.Embedding && t.Target.Path.EndsWith("token_embedding", StringComparison.Ordinal)).Target?.Out;

    /// <summary>The reparameterizations of the targets that the file names, in the file's order.</summary>
    public List<Reparameterization> Read()
    {
        Faults.AddRange(dialect.Faults(file));
        Notes.AddRange(dialect.NotesOn(file));
        foreach (var key in file.Tensors.Select(t => t.Name))
            if (dialect.EmbeddingOf(file, key) is { } word) Word(key, word.Name, word.Component);
            else if (dialect.SharedPart(key) is { } part) sharedKeys[part] = sharedUnused[part] = key;
            else if (dialect.IsHarmless(key)) Notes.Add($"{key} is not needed and was passed over");
            else if (Place(key) is { } placed) Add(key, placed);
            else if (OfKnownLayer(key)) unsupported.Add(key);
            else LeftOver.Add(key);
        if (mends is [var (key1, mended), ..])
            Notes.Add($"{mends.Count} keys are misspelt and were read as what they mean, such as {key1} as {mended}");
        // Such a part changes what its layer does: a file without it would be another adapter.
        if (unsupported.Count > 0) Faults.Add($"{unsupported.Count} keys are parts of what is not known here yet{MethodsOf(unsupported)}: {List(unsupported)}");

        foreach (var module in modules.Values)
            if (MethodOf(module) is { } method) Shared(method, module);
        var made = modules.Select(module => Make(module.Key, module.Value)).OfType<Reparameterization>().ToList();
        LeftOver.AddRange(sharedUnused.Values);
        if (words.Count > 0) Notes.Add($"it brings words of its own, which prompts call by name: {string.Join(", ", words.Keys)}");
        if (made.Count == 0 && words.Count == 0 && Faults.Count == 0) Faults.Add(LeftOver.Count > 0 ? "no key belongs to any layer" : "no layer is adapted");
        return made;
    }

    /// <summary>Frees what was made, for a file that is refused.</summary>
    public void Free(IEnumerable<Reparameterization> made)
    {
        foreach (var one in made) one.Dispose();
        foreach (var word in Embeddings) word.Dispose();
        foreach (var held in shared.Values) held.Free();
    }

    /// <summary>One sentence about the keys that belong to no target.</summary>
    public string LeftOverFault()
    {
        if (LeftOver.TrueForAll(key => OtherMethods.Of(key) is not null))
            return $"{LeftOver.Count} keys tell of what is not known here yet{MethodsOf(LeftOver)}: {List(LeftOver)}";
        var near = LeftOver.Take(Explained).SelectMany(key => NearestNames.To(key, targets.Keys, 1)).Distinct();
        return $"{LeftOver.Count} keys belong to no layer: {List(LeftOver)} (nearest names of layers: {string.Join(", ", near)})";
    }

    static string MethodsOf(List<string> keys) =>
        keys.Select(OtherMethods.Of).OfType<string>().Distinct().ToList() is { Count: > 0 } methods ? $" ({string.Join(", ", methods)})" : "";

    static string List(List<string> keys) =>
        string.Join(", ", keys.Take(Listed)) + (keys.Count > Listed ? $" and {keys.Count - Listed} more" : "");

    void Add(string key, Placed placed)
    {
        var (name, target, methods, part, loose) = placed;
        if (!nameOf.TryAdd(target.Path, name) && nameOf[target.Path] is var earlier && earlier != name)
        {
            Faults.Add($"{target.Path} stands in the file twice, as {earlier} and as {name}");
            return;
        }
        if (!modules.TryGetValue(name, out var module)) modules[name] = module = new(target, [], [], []);
        if (!module.Keys.TryAdd(part, key)) Faults.Add($"the {part} of {name} stands in the file twice, as {module.Keys[part]} and as {key}");
        if (methods.Count > 0) (loose ? module.Loose : module.Methods).Add(methods);
    }

    Placed? Place(string key)
    {
        if (Find(key) is { } found) return found;
        if (dialect.Mend(key) is not { } mended || Find(mended) is not { } meant) return null;
        mends.Add((key, mended));
        return meant;
    }

    Placed? Find(string key)
    {
        foreach (var (suffix, _, part) in dialect.Suffixes)
            if (key.EndsWith(suffix, StringComparison.Ordinal) && targets.TryGetValue(key[..^suffix.Length], out var target))
                return new(key[..^suffix.Length], target, [.. dialect.Suffixes.Where(s => s.Suffix == suffix && s.Method.Length > 0).Select(s => s.Method)], part, dialect.Suffixes.Any(s => s.Suffix == suffix && s.Method.Length == 0));
        return null;
    }

    // Whether what stands before one of the key's dots is a layer's name.
    bool OfKnownLayer(string key)
    {
        for (int dot = key.LastIndexOf('.'); dot > 0; dot = key.LastIndexOf('.', dot - 1))
            if (targets.ContainsKey(key[..dot])) return true;
        return false;
    }

    Reparameterization? Make(string name, Module module)
    {
        if (module.Methods.Count == 0 && module.Loose.Count == 0)
        {
            Notes.Add($"{name} has {string.Join(", ", module.Keys.Keys)} and no factors; it changes nothing");
            return null;
        }
        if (MethodOf(module) is not { } method)
            return Fail(Candidates(module) is { Count: > 0 } shared
                ? $"{name} has parts of {string.Join(" or ", shared)}, in shapes of none of them"
                : $"{name} has parts of several methods: {string.Join(", ", module.Methods.SelectMany(m => m).Distinct())}");
        var missing = method.Parts.Where(p => p.Required && !module.Keys.ContainsKey(p.Name)).Select(p => p.Name).ToList();
        if (missing.Count > 0) return Fail($"{name} has {string.Join(", ", module.Keys.Keys)} and no {string.Join(", ", missing)}");
        // What is read of one layer is gone before the next is read.
        using var scope = NewDisposeScope();
        var parts = new Dictionary<string, Tensor>();
        foreach (var (part, key) in module.Keys)
            if (Part(method, name, part, key) is { } value) parts[part] = value;
        if (parts.Count < module.Keys.Count || dialect.IsFiller(parts)) return null;
        try
        {
            // Rank 0: what a file has decides, not what would be made.
            if (method.Refuses(module.Target, method.OwnOptions(new MethodOptions(0))) is { } reason) return Fail($"{method.Name} cannot adapt {module.Target}: {reason}");
            return dialect.Make(file, name, module.Target, method, parts, Begin(module.Target, method));
        }
        catch (LowrankException error)
        {
            return Fail($"{name}: {error.Message}");
        }
    }

    // The methods that have every part of a module.
    static List<string> Candidates(Module module) => (module.Methods.Count > 0 ? module.Methods : module.Loose) is { Count: > 0 } lists
        ? [.. lists.Aggregate((some, others) => [.. some.Intersect(others)])] : [];

    MethodDescriptor? MethodOf(Module module)
    {
        var shapes = module.Keys.ToDictionary(k => k.Key, k => tensors[k.Value].Shape);
        return Candidates(module).Select(Methods.Named).FirstOrDefault(m => m.Recognizes(shapes));
    }

    // What a file holds once for all targets belongs to each target of the method.
    void Shared(MethodDescriptor method, Module module)
    {
        foreach (var part in method.Parts.Where(p => p.IsShared))
            foreach (var (name, key) in sharedKeys)
                if (part.Name == name || part.Name.EndsWith("{}", StringComparison.Ordinal) && name.StartsWith(part.Name[..^2], StringComparison.Ordinal))
                {
                    module.Keys[name] = key;
                    sharedUnused.Remove(name);
                }
    }

    Initialization Begin(Target target, MethodDescriptor method)
    {
        if (!shared.TryGetValue(method, out var held))
            shared[method] = held = new SharedParts([.. modules.Values.Where(m => MethodOf(m) == method).Select(m => m.Target).OrderBy(t => order[t.Path])]);
        return new Initialization(null, () => weights.Matrix(target, "base"), held, () => weights(target, "bias")?.to(ScalarType.Float32));
    }

    readonly Dictionary<string, int> order = model.Components.SelectMany(c => c.Targets).Select((t, i) => (t.Target.Path, i)).ToDictionary(t => t.Path, t => t.i);

    Reparameterization? Fail(string fault)
    {
        Faults.Add(fault);
        return null;
    }

    // A part's value, or null with the fault told.
    Tensor? Part(MethodDescriptor method, string name, string part, string key)
    {
        var value = file.Read(key);
        bool whole = part == Wrappers.ShapePart || method.Parts.Any(p => p.Name == part && p.IsWhole);
        var fault = part == "alpha" ? FaultOfAlpha(name, value) : whole ? null : FaultOfFactor(key, value);
        if (fault is null && !value.to(ScalarType.Float32).isfinite().all().ToBoolean()) fault = $"{key} holds values that are not finite";
        if (fault is not null)
        {
            Faults.Add(fault);
            return null;
        }
        if (part != "alpha") return value;
        if (method.AlphaIsScale && value.to(ScalarType.Float32).ToDouble() == 0) Notes.Add($"{name} has alpha 0, which is read as the rank (scale 1), as its writers do");
        return value.to(ScalarType.Float32).reshape([]);
    }

    static string? FaultOfAlpha(string name, Tensor value) =>
        value.numel() == 1 ? null : $"{name}: alpha has {value.numel()} values, and it is one number";

    static string? FaultOfFactor(string key, Tensor value)
    {
        if (!value.is_floating_point()) return $"{key} holds {value.dtype}, and a factor is a float";
        if (value.numel() == 0) return $"{key} has shape ({string.Join(", ", value.shape)}), which is no factor of rank 1 or more";
        return null;
    }

    static Dictionary<string, Target> Spellings(ModelDescription model, Dialect dialect)
    {
        // The name that is written must be one layer's alone; another name that several have is the first one's.
        var spellings = new Dictionary<string, Target>();
        var others = new List<(string, Target)>();
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
            {
                var names = dialect.Names(model, component, target).ToList();
                if (names.Count == 0) continue;
                if (!spellings.TryAdd(names[0], target))
                    throw new LowrankException($"{dialect.Name} spells two layers as {names[0]}: {spellings[names[0]].Path} and {target.Path}");
                others.AddRange(names.Skip(1).Select(name => (name, target)));
            }
        foreach (var (name, target) in others) spellings.TryAdd(name, target);
        return spellings;
    }
}

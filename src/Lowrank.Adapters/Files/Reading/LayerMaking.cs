namespace Lowrank.Adapters;

/// <summary>Makes reparameterizations of the parts that a file holds of each layer.</summary>
sealed class LayerMaking
{
    readonly ITensorFile file;
    readonly ModelDescription model;
    readonly Dialect dialect;
    readonly WeightSource weights;
    readonly KeyPlacement placement;
    readonly ReadFindings found;
    readonly Dictionary<string, TensorInfo> tensors;
    readonly Dictionary<string, int> order;
    readonly Dictionary<MethodDescriptor, SharedParts> shared = [];
    readonly Dictionary<string, MethodDescriptor?> methods = [];
    readonly List<string> off = [], unscaled = [];

    /// <summary>Of a file's placed keys.</summary>
    /// <param name="file">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="dialect">The dialect of the file.</param>
    /// <param name="weights">The model's weights, for methods that take them over.</param>
    /// <param name="placement">The keys, placed.</param>
    /// <param name="found">Is told of parts that make nothing.</param>
    public LayerMaking(
        ITensorFile file, ModelDescription model, Dialect dialect, WeightSource weights, KeyPlacement placement, ReadFindings found)
    {
        (this.file, this.model, this.dialect, this.weights) = (file, model, dialect, weights);
        (this.placement, this.found) = (placement, found);
        tensors = file.Tensors.ToDictionary(t => t.Name);
        order = model.Components.SelectMany(c => c.Targets).Index().ToDictionary(t => t.Item.Target.Path, t => t.Index);
    }

    /// <summary>The reparameterizations of all layers that the file names, in the model's order.</summary>
    public List<Reparameterization> MakeAll()
    {
        var unused = placement.Shared.ToDictionary();
        foreach (var (name, layer) in placement.Layers)
        {
            if (layer.MethodBy(tensors, dialect.Layout) is { } method) Share(method, layer, unused);
            methods[name] = layer.MethodBy(tensors, dialect.Layout);
        }
        var made = placement.Layers.Select(layer => MakeLayer(layer.Key, layer.Value)).OfType<Reparameterization>().ToList();
        NoteAlphasOfZero();
        placement.LeftOver.AddRange(unused.Values);
        TiedEnds.Tie(made, model);
        made.Sort((one, other) => order[one.Target.Path].CompareTo(order[other.Target.Path]));
        return made;
    }

    /// <summary>Frees what the layers share, for a file that is refused.</summary>
    public void Free()
    {
        foreach (var held in shared.Values) held.Free();
    }

    // What a file holds once for all targets belongs to each target of the method.
    void Share(MethodDescriptor method, PlacedLayer layer, Dictionary<string, string> unused)
    {
        foreach (var part in method.Parts.Where(p => p.IsShared))
        {
            var pattern = new NumberPattern(part.Name);
            foreach (var (name, key) in placement.Shared.Where(held => pattern.NumbersIn(held.Key) is not null))
            {
                layer.Keys[name] = key;
                unused.Remove(name);
            }
        }
    }

    Reparameterization? MakeLayer(string name, PlacedLayer layer)
    {
        if (layer.Methods.Count == 0 && layer.Loose.Count == 0)
        {
            found.Notes.Add($"{name} has {string.Join(", ", layer.Keys.Keys)} and no factors; it changes nothing");
            return null;
        }
        if (methods[name] is not { } method) return Fail(FaultOfMethods(name, layer));
        var missing = method.Parts.Where(p => p.Required && !layer.Keys.ContainsKey(p.Name)).Select(p => p.Name).ToList();
        if (missing.Count > 0) return Fail($"{name} has {string.Join(", ", layer.Keys.Keys)} and no {string.Join(", ", missing)}");
        // What is read of one layer is gone before the next is read.
        using var scope = NewDisposeScope();
        var parts = new Dictionary<string, Tensor>();
        foreach (var (part, key) in layer.Keys)
            if (Part(method, name, part, key) is { } value) parts[part] = value;
        bool isFaulty = parts.Count < layer.Keys.Count;
        if (isFaulty || dialect.Layout.IsFiller(parts)) return null;
        return MakeChecked(new(file, name, method), layer.Target, parts);
    }

    Reparameterization? MakeChecked(FiledLayer layer, Target target, Dictionary<string, Tensor> parts)
    {
        var method = layer.Method;
        try
        {
            // Rank 0: what a file has decides, not what would be made.
            if (method.Refuses(target, method.OwnOptions(new MethodOptions(0))) is { } reason)
                return Fail($"{method.Name} cannot adapt {target}: {reason}");
            var made = dialect.Make(layer, target, parts, Begin(target, method));
            FindAlphaOfZero(layer, parts);
            return made;
        }
        catch (LowrankException error)
        {
            return Fail($"{layer.Name}: {error.Message}");
        }
    }

    // An alpha of the file's, or one that a configuration tells. Factors without a rank, which are whole (LoKr), have no scale.
    void FindAlphaOfZero(FiledLayer layer, Dictionary<string, Tensor> parts)
    {
        if (!layer.Method.AlphaIsScale) return;
        long? rank = layer.Method.Facts(parts.ToDictionary(p => p.Key, p => p.Value.shape))?.Rank;
        bool isZero = parts.TryGetValue("alpha", out var alpha)
            ? alpha.ToDouble() == 0
            : rank is { } known && dialect.Layout.AlphaBeside(layer, known) is 0;
        if (isZero) (rank is 0 ? unscaled : off).Add(layer.Name);
    }

    void NoteAlphasOfZero()
    {
        const int told = 3;
        if (off.Count > told) found.Notes.Add($"{off.Count} layers have alpha 0, such as {off[0]}: they are switched off");
        else found.Notes.AddRange(off.Select(name => $"{name} has alpha 0: it is switched off"));
        if (unscaled.Count == 0) return;
        string which = unscaled.Count > 1 ? $"{unscaled[0]} and {unscaled.Count - 1} more are" : $"{unscaled[0]} is";
        found.Notes.Add($"an alpha of 0 does not count beside whole factors, which have no scale: {which} not switched off");
    }

    static string FaultOfMethods(string name, PlacedLayer layer)
    {
        if (layer.Candidates is { Count: > 0 } several)
            return $"{name} has parts of {string.Join(" or ", several)}, in shapes of none of them";
        return $"{name} has parts of several methods: {string.Join(", ", layer.Methods.SelectMany(m => m).Distinct())}";
    }

    Initialization Begin(Target target, MethodDescriptor method)
    {
        if (!shared.TryGetValue(method, out var held)) shared[method] = held = new SharedParts(TargetsOf(method));
        return new Initialization(
            null, () => weights.Matrix(target, "base"), held, () => weights(target, "bias")?.to(ScalarType.Float32));
    }

    List<Target> TargetsOf(MethodDescriptor method) =>
        [.. placement.Layers.Where(l => methods[l.Key] == method).Select(l => l.Value.Target).OrderBy(t => order[t.Path])];

    Reparameterization? Fail(string fault)
    {
        found.Faults.Add(fault);
        return null;
    }

    // A part's value, or null with the fault told.
    Tensor? Part(MethodDescriptor method, string name, string part, string key)
    {
        if (part == "alpha" && IsShortNumber(tensors[key])) return Alpha(key);
        var value = file.Read(key);
        if (FaultOf(method, name, part, key, value) is { } fault)
        {
            found.Faults.Add(fault);
            return null;
        }
        if (value.dtype == ScalarType.Float64) found.Underflow.Count(value, value.to(ScalarType.Float32));
        return part == "alpha" ? value.to(ScalarType.Float32).reshape([]) : value;
    }

    // Every layer has one: a third of a file's tensors, which takes as long to read as such as the factors do.
    Tensor? Alpha(string key)
    {
        float value = (float)file.ReadScalar(key);
        if (float.IsFinite(value)) return tensor(value, device: CPU);
        found.Faults.Add(NotFinite(key));
        return null;
    }

    static bool IsShortNumber(TensorInfo info) =>
        info.Count == 1 && (info.Dtype == TensorDtype.F32 || info.Dtype == TensorDtype.F16 || info.Dtype == TensorDtype.BF16);

    static string NotFinite(string key) => $"{key} holds values that are not finite";

    static string? FaultOf(MethodDescriptor method, string name, string part, string key, Tensor value)
    {
        bool isAlpha = part == "alpha";
        if (isAlpha && value.numel() != 1) return $"{name}: alpha has {value.numel()} values, and it is one number";
        bool mayBeWhole = part == Wrappers.ShapePart || method.Parts.Any(p => p.Name == part && p.IsWhole);
        if (!isAlpha && !mayBeWhole && FaultOfFactor(key, value, method.MayBeEmpty) is { } fault) return fault;
        return ScalarType.Float32.Holds(value) ? null : NotFinite(key);
    }

    static string? FaultOfFactor(string key, Tensor value, bool mayBeEmpty)
    {
        if (!value.is_floating_point()) return $"{key} holds {value.dtype}, and a factor is a float";
        if (value.numel() == 0 && !mayBeEmpty) return $"{key} has shape {value.shape.Text()}, which is no factor of rank 1 or more";
        return null;
    }
}

namespace Lowrank.Adapters;

/// <summary>The layers that files name, as a module of shapes alone.</summary>
/// <param name="dialect">The dialect whose names they are, where these are no paths; else null.</param>
/// <param name="keys">The keys of files whose own names they are.</param>
sealed class NamedLayers(Dialect? dialect, IReadOnlyList<string> keys) : nn.Module(nameof(NamedLayers))
{
    /// <summary>The dialect whose names they are; null where the names are paths.</summary>
    public Dialect? Dialect => dialect;

    /// <summary>The files' keys.</summary>
    public IReadOnlyList<string> Keys => keys;

    // What a damaged file may claim.
    const int DeepestName = 64;

    /// <summary>Such a module; names with dots are paths in it.</summary>
    /// <param name="dialect">The dialect whose names they are, where these are no paths.</param>
    /// <param name="keys">The keys of files whose own names they are.</param>
    /// <param name="layers">The layers.</param>
    public static NamedLayers Of(
        Dialect? dialect, IReadOnlyList<string> keys, IReadOnlyDictionary<string, (LayerKind Kind, long[] Shape)> layers)
    {
        var root = new NamedLayers(dialect, keys);
        var names = layers.Select(layer => (Path: layer.Key.Split('.'), layer.Value)).ToList();
        Fill(root.register_module, names, 0);
        return root;
    }

    // A layer may stand inside of another, as PEFT's experts do.
    static void Fill(
        Action<string, nn.Module> register, IReadOnlyList<(string[] Path, (LayerKind Kind, long[] Shape) Layer)> names, int depth)
    {
        foreach (var level in names.Where(name => name.Path.Length > depth).GroupBy(name => name.Path[depth]))
        {
            var own = level.Where(name => name.Path.Length == depth + 1).Select(name => name.Layer).ToList();
            var node = own is [var (kind, shape)] ? new NamedLayer(kind, shape) : new NamedNode();
            register(level.Key, node);
            Fill(node.Register, [.. level], depth + 1);
        }
    }

    /// <summary>Whether a name can stand in such a module.</summary>
    public static bool IsName(string name)
    {
        var parts = name.Split('.');
        return parts.Length <= DeepestName && !parts.Contains("");
    }

    /// <summary>Gathers a layer's shape.</summary>
    /// <exception cref="LowrankException">Another file gives it another shape.</exception>
    public static void Add(Dictionary<string, (LayerKind Kind, long[] Shape)> shapes, string name, (LayerKind Kind, long[] Shape) shape)
    {
        if (shapes.TryAdd(name, shape) || shapes[name].Shape.AsSpan().SequenceEqual(shape.Shape)) return;
        string both = $"{shapes[name].Shape.Text()} in one adapter and {shape.Shape.Text()} in another";
        throw new LowrankException($"{name} has shape {both}. Are they made for one model?");
    }

    /// <summary>
    /// A layer's kind and shape as its parts tell them; one side that no part tells is 1, for nothing is computed with it.
    /// </summary>
    public static (LayerKind Kind, long[] Shape)? ShapeOf(ITensorFile file, Dialect dialect, AdapterModule module)
    {
        var parts = file.Tensors.Where(tensor => module.Keys.Values.Contains(tensor.Name)).ToList();
        bool areVectors = parts.TrueForAll(tensor => tensor.Shape.Length <= 1);
        var method = Methods.Named(module.Method);
        if (method == Ia3.Descriptor) return ScaledShape(file, module, parts);
        // A whole weight stands as the layer stores it.
        if (method == Replacement.Descriptor && parts.MaxBy(tensor => tensor.Shape.Length) is { Shape: { Length: 2 } whole })
            return (LayerKind.Linear, whole);
        bool isVector = areVectors && module.In is null or 1;
        if (isVector) return (LayerKind.Norm, [module.Out ?? parts.Max(tensor => tensor.Count)]);
        if (module.Out is null && module.In is null) return null;
        var at = new FiledLayer(file, module.Name, method);
        var kind = dialect.Layout.KindOf(at, module.Keys.Values, module.Kernel.Length);
        return (kind, Stored(kind, module.Out ?? 1, module.In ?? 1, module.Kernel));
    }

    // One factor for each channel of one side.
    static (LayerKind Kind, long[] Shape) ScaledShape(ITensorFile file, AdapterModule module, List<TensorInfo> parts)
    {
        long channels = parts.Max(tensor => tensor.Count);
        bool onInput = module.Keys.TryGetValue("on_input", out var key)
            ? file.ReadScalar(key) > 0
            : parts.Exists(tensor => tensor.Shape is [1, > 1]);
        return (LayerKind.Linear, onInput ? [1, channels] : [channels, 1]);
    }

    /// <summary>A weight's shape as a layer of that kind stores it.</summary>
    public static long[] Stored(LayerKind kind, long outputs, long inputs, long[] kernel) => kind switch
    {
        LayerKind.Embedding or LayerKind.TransposedLinear => [inputs, outputs],
        LayerKind.Norm => [outputs],
        LayerKind.ConvTranspose1d or LayerKind.ConvTranspose2d or LayerKind.ConvTranspose3d => [inputs, outputs, .. kernel],
        _ => [outputs, inputs, .. kernel],
    };
}

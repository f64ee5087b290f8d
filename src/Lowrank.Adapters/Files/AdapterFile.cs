namespace Lowrank.Adapters;

/// <summary>Reads and writes adapter files: a container's tensors, spelled in a dialect, placed on a model's targets.</summary>
public static class AdapterFile
{
    /// <summary>The adapter in a file, made for <paramref name="model"/>.</summary>
    /// <param name="path">safetensors, a torch file, or a PEFT folder.</param>
    /// <param name="model">The model whose layers it adapts.</param>
    /// <param name="allowLeftOver">Whether keys that belong to no layer of the model become notes rather than an error.</param>
    /// <param name="weights">The model's weights, for the few methods that take them over, where <paramref name="model"/> has shapes alone; null takes the model's layers'.</param>
    /// <exception cref="LowrankException">Not an adapter, parts missing, shapes that do not fit, values that are not finite, keys left
    /// over; every fault is listed.</exception>
    public static Adapter Read(string path, ModelDescription model, bool allowLeftOver = false, WeightSource? weights = null)
    {
        using var file = Open(path);
        return Read(file, model, allowLeftOver, weights);
    }

    /// <summary>An adapter's file, opened as what it is, with what belongs to it beside it: PEFT's configuration, the further lists of cloneofsimo's.</summary>
    /// <exception cref="LowrankException">It is none of the known kinds, or a damaged one.</exception>
    public static ITensorFile Open(string path)
    {
        if (PeftFolder.Is(path)) return PeftFolder.Open(path);
        var file = Containers.Open(path);
        return CloneofsimoLists.Is(file) ? CloneofsimoLists.Of(file) : file;
    }

    /// <summary>The adapter in an open file.</summary>
    public static Adapter Read(ITensorFile file, ModelDescription model, bool allowLeftOver = false, WeightSource? weights = null)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var dialect = Dialects.Of(file).For(file, model);
        var reader = new AdapterReader(file, model, dialect, weights ?? WeightSources.Of(model));
        var reparameterizations = reader.Read();
        if (!allowLeftOver && reader.LeftOver.Count > 0) reader.Faults.Insert(0, reader.LeftOverFault() + "; to leave them out, --allow-unmatched");
        if (reader.Faults.Count > 0)
        {
            reader.Free(reparameterizations);
            throw Misfit(file, model, reader.Faults);
        }
        if (reader.LeftOver.Count > 0) reader.Notes.Add(reader.LeftOverFault());
        return new Adapter(Path.GetFileNameWithoutExtension(file.Path), reparameterizations, file.Metadata)
        {
            Dialect = dialect.Name, Notes = reader.Notes, Embeddings = reader.Embeddings,
        };
    }

    static LowrankException Misfit(ITensorFile file, ModelDescription model, List<string> faults)
    {
        const int Told = 6;
        var looks = FamilyGuess.Of(file) is { } guess && guess != model.Family
            ? $" It looks like an adapter for {FamilyGuess.Title(guess)}, and the model is {FamilyGuess.Title(model.Family)}."
            : "";
        var more = faults.Count > Told ? $"; and {faults.Count - Told} more faults" : "";
        return new LowrankException($"{file.Path} does not fit the model.{looks} {string.Join("; ", faults.Take(Told))}{more}.");
    }

    /// <summary>Writes an adapter as safetensors, whole or not at all; "peft" writes a folder.</summary>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">The model whose paths are spelled.</param>
    /// <param name="dialect">The spelling.</param>
    /// <param name="dtype">dtype of the factors; null keeps float32. An alpha is always float32: alpha·√rank would not survive rounding.</param>
    /// <param name="metadata">Metadata; null takes the adapter's, but for what tells of the file that it came from.</param>
    /// <exception cref="LowrankException">No such dialect, or it cannot hold the adapter; those that can are named.</exception>
    public static void Write(
        string path, Adapter adapter, ModelDescription model, string dialect = "kohya", ScalarType? dtype = null,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var spelling = Dialects.Named(dialect);
        spelling.Save(path, adapter, model, Spell(adapter, model, spelling, dtype), metadata ?? Carried(adapter.Metadata));
    }

    /// <summary>Of a file's metadata what another file may have too: no hashes, positions, or marks of a program.</summary>
    internal static IReadOnlyDictionary<string, string> Carried(IReadOnlyDictionary<string, string> metadata) =>
        metadata.Where(pair => pair.Key != AdapterOutline.Told && !Dialects.All.Any(d => d.IsOfFile(pair.Key, pair.Value))).ToDictionary();

    /// <summary>The adapter's tensors under a dialect's keys; they belong to the caller's scope.</summary>
    /// <exception cref="LowrankException">The dialect cannot hold the adapter; those that can are named.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Spell(
        Adapter adapter, ModelDescription model, Dialect dialect, ScalarType? dtype = null)
    {
        if (dialect.Refuses(adapter, model) is { } reason)
            throw new LowrankException($"{reason}. {(Dialects.Holding(adapter, model) is { Count: > 0 } others ? $"Dialects that can hold this adapter: {Dialects.Names(others)}." : "No dialect can hold this adapter.")}");
        var tensors = new Dictionary<string, Tensor>();
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
            {
                if (!adapter.Targets.TryGetValue(target.Path, out var reparameterization)) continue;
                string name = dialect.WrittenName(adapter, model, component, target)!;
                foreach (var (part, value) in reparameterization.Parts)
                    if (dialect.Value(reparameterization, part, value.detach()) is { } written)
                        // What all targets share is met at each of them and is written once.
                        tensors.TryAdd(dialect.KeyOf(reparameterization, part, name)!, part == "alpha" ? written : As(written));
            }
        foreach (var embedding in adapter.Embeddings)
            foreach (var (component, vectors) in embedding.Vectors) tensors.Add(dialect.KeyOfEmbedding(adapter, model, embedding, component)!, As(dialect.EmbeddingValue(vectors)));
        foreach (var (key, value) in dialect.Beside(adapter, model)) tensors.Add(key, As(value));
        return [.. tensors];

        Tensor As(Tensor value) => dtype is null || !value.is_floating_point() ? value : value.to(dtype.Value);
    }
}

namespace Lowrank;

/// <summary>Reads and writes adapter files: a container's tensors, spelled in a dialect, placed on a model's targets.</summary>
public static class AdapterFile
{
    /// <summary>The adapter in a file, made for <paramref name="model"/>.</summary>
    /// <param name="path">safetensors, a torch file, or a folder that a dialect writes (PEFT's).</param>
    /// <param name="model">The model whose layers it adapts.</param>
    /// <param name="allowUnmatched">Whether keys that belong to no layer of the model are passed over rather than an error.</param>
    /// <param name="weights">
    /// The model's weights, for the few methods that take them over, where <paramref name="model"/> has shapes alone; null takes the
    /// model's layers'.
    /// </param>
    /// <exception cref="LowrankException">Not an adapter, parts missing, shapes that do not fit, values that are not finite, keys left
    /// over; every fault is listed.</exception>
    public static Adapter Read(string path, ModelDescription model, bool allowUnmatched = false, WeightSource? weights = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(model);
        using var file = Open(path);
        return Read(file, model, allowUnmatched, weights);
    }

    /// <summary>The same, keys that belong to no layer passed over, and with them a head of another size than the model's: all of its
    /// layers, where one differs.</summary>
    /// <param name="path">As above.</param>
    /// <param name="model">The model whose layers it adapts.</param>
    /// <param name="head">The layers of the model's head; none for a model that has none, or whose head is not trained.</param>
    /// <remarks>As the LoRA paper's code begins with an adapter that was trained for another task.</remarks>
    /// <exception cref="LowrankException">As above.</exception>
    public static Adapter ReadBesideHead(string path, ModelDescription model, IReadOnlyCollection<Target> head)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(head);
        using var file = Open(path);
        return Read(file, model, allowUnmatched: true, null, head);
    }

    /// <summary>An adapter's file, opened as what it is, with what belongs to it beside it: a configuration, further lists.</summary>
    /// <exception cref="LowrankException">It is none of the known kinds, or a damaged one.</exception>
    public static ITensorFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return AdapterPlace.Open(path);
    }

    /// <summary>The adapter in an open file.</summary>
    public static Adapter Read(ITensorFile file, ModelDescription model, bool allowUnmatched = false, WeightSource? weights = null) =>
        Read(file, model, allowUnmatched, weights, []);

    static Adapter Read(
        ITensorFile file, ModelDescription model, bool allowUnmatched, WeightSource? weights, IReadOnlyCollection<Target> head)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var spoken = Dialects.Of(file);
        var dialect = OwnNames.Are(model) ? OwnNames.DialectFor(model, spoken) : spoken.For(file, model);
        var reader = new AdapterReader(dialect.View(file, model), model, dialect, weights ?? WeightSources.Of(model)) { Head = head };
        var reparameterizations = reader.Read();
        if (!allowUnmatched && reader.LeftOver.Count > 0)
            reader.Faults.Insert(0, reader.LeftOverFault() + AdviceOn(reparameterizations.Count + reader.Embeddings.Count));
        if (reader.Faults.Count > 0)
        {
            reader.Free(reparameterizations);
            throw Misfit(file, model, reader);
        }
        reader.PassOverRest();
        return new Adapter(Path.GetFileNameWithoutExtension(file.Path), reparameterizations, file.Metadata)
        {
            Dialect = dialect.Name, Notes = reader.Notes, PassedOver = reader.PassedOver, Embeddings = reader.Embeddings,
            Prompt = reader.Prompt,
        };
    }

    // Where nothing fits, nothing remains of what is left out.
    static string AdviceOn(int fitting) => fitting > 0 ? "; to leave them out: allowUnmatched" : "; is it for another base model?";

    static LowrankException Misfit(ITensorFile file, ModelDescription model, AdapterReader reader)
    {
        const int Most = 6, MostOfOther = 2;
        var faults = reader.Faults;
        string looks = OtherBase.Told(file, model) is { } other ? $" {other}" : "";
        int told = looks.Length > 0 ? MostOfOther : Most;
        string more = faults.Count > told ? $"; and {faults.Count - told} more faults" : "";
        bool isOfOther = looks.Length > 0 || reader.LeftOver.Count > 0;
        string what = isOfOther ? "does not fit the model." : "cannot be read:";
        return new LowrankException($"{file.Path} {what}{looks} {Whole(string.Join("; ", faults.Take(told)) + more)}");
    }

    // A fault may end as a question.
    static string Whole(string sentence) => sentence.EndsWith('?') || sentence.EndsWith('.') ? sentence : $"{sentence}.";

    /// <summary>Writes an adapter in a dialect, whole or not at all.</summary>
    /// <param name="path">Where to; an existing file is replaced. Some dialects write a folder.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">The model whose paths are spelled.</param>
    /// <param name="dialect">The spelling.</param>
    /// <param name="dtype">
    /// dtype of the factors; null keeps float32. An alpha is always float32: alpha·√rank would not survive rounding.
    /// </param>
    /// <param name="metadata">Metadata; null takes the adapter's, but for what tells of the file that it came from.</param>
    /// <exception cref="LowrankException">No such dialect, or it cannot hold the adapter; those that can are named.</exception>
    /// <exception cref="SpoiltAdapterException">Values are not finite in the dtype.</exception>
    public static void Write(
        string path,
        Adapter adapter,
        ModelDescription model,
        string dialect = "kohya",
        ScalarType? dtype = null,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dialect);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var named = Dialects.Named(dialect);
        var tensors = Spell(adapter, model, named, dtype);
        SpoiltAdapterException.Check(tensors);
        Save(path, adapter, model, named, tensors, metadata ?? Carried(adapter.Metadata));
    }

    /// <summary>Writes spelled tensors as the dialect packs them.</summary>
    internal static void Save(
        string path,
        Adapter adapter,
        ModelDescription model,
        Dialect dialect,
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string> metadata)
    {
        dialect = OwnNames.DialectFor(model, dialect);
        var all = dialect.Packaging.MetadataFor(adapter, model, tensors, metadata);
        if (dialect.Packaging.TellsLayers) all = ToldLayers.Beside(all, adapter, model);
        dialect.Packaging.Save(new(path, adapter, model, tensors, all));
    }

    /// <summary>Of a file's metadata what another file may have too: no hashes, positions, or marks of a program.</summary>
    internal static IReadOnlyDictionary<string, string> Carried(IReadOnlyDictionary<string, string> metadata) =>
        metadata.Where(pair => !IsOfFile(pair.Key, pair.Value)).ToDictionary();

    static bool IsOfFile(string key, string value) =>
        key == ToldLayers.Field || Dialects.All.Any(dialect => dialect.Packaging.IsOfFile(key, value));

    /// <summary>The adapter's tensors under a dialect's keys; they belong to the caller's scope.</summary>
    /// <exception cref="LowrankException">The dialect cannot hold the adapter; those that can are named.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Spell(
        Adapter adapter, ModelDescription model, Dialect dialect, ScalarType? dtype = null) =>
        Spell(adapter, model, dialect, dtype, static (_, _) => { });

    /// <summary>The same; what changes its dtype is told, as it was and as it is.</summary>
    internal static IReadOnlyList<KeyValuePair<string, Tensor>> Spell(
        Adapter adapter, ModelDescription model, Dialect dialect, ScalarType? dtype, Action<Tensor, Tensor> rounded)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dialect);
        RefuseOtherModel(adapter, model);
        // One that spells no layers refuses them whatever they are called.
        if (dialect.Spelling.Suffixes.Count > 0) dialect = OwnNames.DialectFor(model, dialect);
        if (dialect.Refuses(adapter, model) is { } reason) throw new LowrankException($"{reason}. {Others(adapter, model)}");
        dialect = dialect.ForWriting(adapter, model);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
            {
                if (!adapter.Targets.TryGetValue(target.Path, out var made)) continue;
                string name = dialect.Spelling.WrittenName(adapter, model, component, target)!;
                foreach (var (part, value) in made.Parts.Where(p => !dialect.Layout.LeavesOut(made, p.Part)))
                {
                    var written = dialect.Layout.Write(made, part, value.detach());
                    // What all targets share is met at each of them and is written once.
                    tensors.TryAdd(dialect.Spelling.KeyOf(made, part, name, component.Role)!, part == "alpha" ? written : As(written));
                }
            }
        foreach (var word in adapter.Embeddings)
            foreach (var (component, vectors) in word.Vectors)
                tensors.Add(dialect.Words.KeyOf(adapter, model, word, component)!, As(dialect.Words.Write(vectors)));
        foreach (var (key, value) in dialect.Packaging.Beside(adapter, model)) tensors.Add(key, As(value));
        return dialect.Folded([.. tensors], model);

        Tensor As(Tensor value)
        {
            if (dtype is null || !value.is_floating_point() || value.dtype == dtype) return value;
            var other = value.to(dtype.Value);
            rounded(value, other);
            return other;
        }
    }

    // A target that is not the model's would be left out of the file.
    static void RefuseOtherModel(Adapter adapter, ModelDescription model)
    {
        var known = model.Components.SelectMany(c => c.Targets).Select(t => t.Target.Path).ToHashSet();
        if (adapter.Targets.Keys.FirstOrDefault(path => !known.Contains(path)) is not { } lost) return;
        string told = model.SharedLayers.FirstOrDefault(shared => shared.OtherPath == lost) is { } shared
            ? $"files name that layer {shared.Path}; make the adapter for that path"
            : $"nearest: {string.Join(", ", NearestNames.To(lost, known))}";
        throw new LowrankException($"{adapter.Name} adapts {lost}, which is no target of this model ({told})");
    }

    static string Others(Adapter adapter, ModelDescription model) => Dialects.Holding(adapter, model) is { Count: > 0 } others
        ? $"Dialects that can hold this adapter: {Dialects.Names(others)}."
        : "No dialect can hold this adapter.";
}

namespace Lowrank.Adapters;

/// <summary>Reads one file for one model: places its keys, takes its words, makes its layers, and gathers every fault on the way.</summary>
sealed class AdapterReader
{
    // How many keys a sentence names, and for how many the nearest known name is sought, which takes time.
    const int Listed = 8, Explained = 3;

    readonly ITensorFile file;
    readonly ModelDescription model;
    readonly Dialect dialect;
    readonly ReadFindings found = new();
    readonly KeyPlacement placement;
    readonly WordReading words;
    readonly LayerMaking making;

    /// <summary>Of an open file in a known dialect.</summary>
    public AdapterReader(ITensorFile file, ModelDescription model, Dialect dialect, WeightSource weights)
    {
        (this.file, this.model, this.dialect) = (file, model, dialect);
        placement = new(model, dialect, found);
        words = new(file, model, dialect, found);
        making = new(file, model, dialect, weights, placement, found);
    }

    /// <summary>Layers of a head, which is passed over where the file's is of another size.</summary>
    public IReadOnlyCollection<Target> Head { get; init; } = [];

    /// <summary>Keys that belong to no target.</summary>
    public List<string> LeftOver => placement.LeftOver;

    /// <summary>What makes the file unreadable.</summary>
    public List<string> Faults => found.Faults;

    /// <summary>What the user should be told.</summary>
    public List<string> Notes => found.Notes;

    /// <summary>What the file holds and is not used.</summary>
    public List<PassedOver> PassedOver => found.PassedOver;

    /// <summary>Leaves the keys that belong to no target out.</summary>
    public void PassOverRest() => PassedOver.AddRange(LeftOver.Select(key => new PassedOver("tensor", key, ReasonOf(key))));

    static string ReasonOf(string key) =>
        UnreadContents.Of(key) is { } content ? $"{content}, which are not known here yet" : "it belongs to no layer of the model";

    /// <summary>The embeddings that the file brings; they belong to no scope.</summary>
    public IReadOnlyList<AdapterEmbedding> Embeddings => words.Words;

    /// <summary>The virtual tokens that it holds; null where it holds none.</summary>
    public VirtualPrompt? Prompt { get; private set; }

    /// <summary>The reparameterizations of the targets that the file names, in the model's order.</summary>
    public List<Reparameterization> Read()
    {
        Faults.AddRange(dialect.Faults(file));
        Notes.AddRange(dialect.NotesOn(file));
        PassedOver.AddRange(dialect.PassesOver(file));
        foreach (var key in file.Tensors.Select(t => t.Name).Where(key => !dialect.IsPrompt(key))) Place(key);
        PassOverOtherHead();
        if (placement.Mended is { } mended) Notes.Add(mended);
        // Such a part changes what its layer does: a file without it would be another adapter.
        if (placement.Unsupported is { Count: > 0 } unsupported)
            Faults.Add($"{unsupported.Count} keys are parts of what is not known here yet{ContentsOf(unsupported)}: {List(unsupported)}");
        var made = making.MakeAll();
        ReadPrompt();
        if (MissingLayers.Told(placement.Layers.Keys) is { } missing) Notes.Add(missing);
        if (found.Underflow.Note(ScalarType.Float32) is { } tooSmall) Notes.Add(tooSmall);
        if (words.Names.Count > 0) Notes.Add($"it brings words of its own, which prompts call by name: {string.Join(", ", words.Names)}");
        bool isEmpty = made.Count == 0 && words.Names.Count == 0 && Prompt is null;
        if (isEmpty && Faults.Count == 0) Faults.Add(LeftOver.Count > 0 ? "no key belongs to any layer" : "no layer is adapted");
        return made;
    }

    void PassOverOtherHead()
    {
        var placed = placement.Layers.Where(layer => Head.Contains(layer.Value.Target)).ToList();
        var shapes = file.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        bool differs = placed.Exists(layer => layer.Value.Keys.TryGetValue("weight", out string? key)
            && !shapes[key].AsSpan().SequenceEqual(layer.Value.Target.WeightShape));
        if (!differs) return;
        foreach (var (name, layer) in placed)
        {
            placement.Layers.Remove(name);
            const string Why = "its head is of another size than the model's";
            PassedOver.AddRange(layer.Keys.Values.Select(key => new PassedOver("tensor", key, Why)));
        }
    }

    void ReadPrompt()
    {
        try
        {
            Prompt = dialect.PromptIn(file, model);
        }
        catch (LowrankException error)
        {
            Faults.Add(error.Message);
            return;
        }
        // Where nothing told what they are.
        if (Prompt is null) LeftOver.AddRange(file.Tensors.Select(t => t.Name).Where(dialect.IsPrompt));
    }

    void Place(string key)
    {
        if (dialect.Words.Of(file, key) is not var (name, encoder)) placement.Add(key);
        else if (!words.Add(key, name, encoder)) LeftOver.Add(key);
    }

    /// <summary>Frees what was made, for a file that is refused.</summary>
    public void Free(IEnumerable<Reparameterization> made)
    {
        foreach (var one in made) one.Dispose();
        foreach (var word in Embeddings) word.Dispose();
        Prompt?.Dispose();
        making.Free();
    }

    /// <summary>One sentence about the keys that belong to no target.</summary>
    public string LeftOverFault()
    {
        if (LeftOver.TrueForAll(key => UnreadContents.Of(key) is not null))
            return $"{LeftOver.Count} keys tell of what is not known here yet{ContentsOf(LeftOver)}: {List(LeftOver)}";
        var near = LeftOver.Take(Explained).SelectMany(key => NearestNames.To(key, placement.Names, 1)).Distinct();
        return $"{LeftOver.Count} keys belong to no layer: {List(LeftOver)} (nearest names of layers: {string.Join(", ", near)})";
    }

    static string ContentsOf(List<string> keys)
    {
        var contents = keys.Select(UnreadContents.Of).OfType<string>().Distinct().ToList();
        return contents.Count == 0 ? "" : $" ({string.Join(", ", contents)})";
    }

    static string List(List<string> keys)
    {
        string first = string.Join(", ", keys.Take(Listed));
        return keys.Count > Listed ? $"{first} and {keys.Count - Listed} more" : first;
    }
}

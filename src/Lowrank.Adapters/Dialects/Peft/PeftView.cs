namespace Lowrank.Adapters;

/// <summary>
/// A PEFT file as its keys stand for one model: what PEFT folds together, saves twice or calls by older names has a key of its own layer.
/// </summary>
sealed class PeftView : ITensorFile, IPeftConfigured
{
    readonly IPeftConfigured configured;
    readonly Dictionary<string, (TensorInfo Info, Func<Tensor> Read)> tensors = [];
    readonly Dictionary<string, (PeftConfig Config, string Path)> configs = [];
    List<TensorInfo>? list;

    PeftView(ITensorFile file, IPeftConfigured configured)
    {
        (File, this.configured) = (file, configured);
        foreach (var tensor in file.Tensors) tensors[tensor.Name] = (tensor, () => file.Read(tensor.Name));
    }

    /// <summary>The file as it stands for a model of one component; itself where nothing stands otherwise.</summary>
    /// <exception cref="LowrankException">Two tensors that should be one differ, or stacks have no shapes of stacks.</exception>
    public static ITensorFile Of(ITensorFile file, ModelDescription model)
    {
        if (file is not IPeftConfigured configured || model.Components is not [var component]) return file;
        var view = new PeftView(file, configured);
        bool isOther = view.DropSavedTwice();
        foreach (var config in configured.Configs)
        {
            view.Faults = [.. view.Faults, .. PeftTargets.Faults(view, component, config)];
            view.Told = [.. view.Told, .. PeftTargets.Notes(view, component, config)];
            isOther |= view.Faults.Count + view.Told.Count > 0;
            isOther |= PeftPrompts.Rename(view, component, config);
            isOther |= PeftStacks.Unfold(view, component, config);
            isOther |= PeftFormerNames.Rename(view, component, config);
        }
        return isOther ? view : file;
    }

    /// <summary>The file itself.</summary>
    public ITensorFile File { get; }

    /// <summary>What keeps the file from being what its configuration says of the model, a sentence each.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    /// <summary>What is odd about it beside the model, a sentence each.</summary>
    public IReadOnlyList<string> Told { get; private set; } = [];

    /// <summary>What a key holds; null where there is none.</summary>
    public TensorInfo? Info(string key) => tensors.TryGetValue(key, out var held) ? held.Info : null;

    /// <summary>The keys.</summary>
    public IReadOnlyCollection<string> Keys => tensors.Keys;

    /// <summary>Takes a key out and gives what it held.</summary>
    public (TensorInfo Info, Func<Tensor> Read) Take(string key)
    {
        list = null;
        tensors.Remove(key, out var held);
        return held;
    }

    /// <summary>Puts a tensor under a key.</summary>
    public void Put(string key, TensorInfo like, long[] shape, Func<Tensor> read)
    {
        list = null;
        tensors[key] = (like with { Name = key, Shape = shape }, read);
    }

    /// <summary>Gives a path of its own configuration, and the path as that means it.</summary>
    public void Configure(string path, PeftConfig config, string meant) => configs[path] = (config, meant);

    // Where all biases are trained, those of a module that is saved whole stand in the file twice, and the base's a third time.
    bool DropSavedTwice()
    {
        const string Saved = ".modules_to_save.";
        bool any = false;
        foreach (string key in Keys.Where(key => key.Contains(Saved, StringComparison.Ordinal)).ToList())
        {
            string plain = key.Replace(Saved, ".", StringComparison.Ordinal);
            if (!tensors.ContainsKey(plain)) continue;
            using var scope = NewDisposeScope();
            var (one, other) = (Read(plain), Read(key));
            if (!one.shape.AsSpan().SequenceEqual(other.shape) || !one.eq(other).all().ToBoolean())
                throw new LowrankException($"{File.Path} holds other numbers under {key} than under {plain}, which are one and the same");
            Take(key);
            any = true;
        }
        return any;
    }

    /// <inheritdoc/>
    public string Path => File.Path;

    /// <inheritdoc/>
    public string Container => File.Container;

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors => list ??= [.. tensors.Values.Select(held => held.Info)];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => File.Metadata;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => File.Notes;

    /// <inheritdoc/>
    public Tensor Read(string name) => tensors[name].Read();

    /// <inheritdoc/>
    public double ReadScalar(string name) => Read(name).ToDouble();

    /// <inheritdoc/>
    public IEnumerable<PeftConfig> Configs => configured.Configs;

    /// <inheritdoc/>
    public (PeftConfig Config, string Path)? ConfigAt(string path) =>
        configs.TryGetValue(path, out var own) ? own : configured.ConfigAt(path);

    /// <summary>Does nothing: the file is its opener's.</summary>
    public void Dispose() { }
}

namespace Lowrank;

/// <summary>The adapters of one model by their names: what PEFT's <c>PeftModel</c> does, beside the model rather than around it.</summary>
/// <remarks>
/// Got by <see cref="AdapterExtensions.Adapters"/> and <see cref="AdapterExtensions.AddLora"/>. It owns its adapters:
/// <see cref="Remove"/> frees one, <see cref="Dispose"/> all of them, and the model is then what it was, bit for bit. The model itself is
/// the caller's. Several adapters may be active at once; they work in the order in which they came.
/// </remarks>
/// <example><code>
/// using var adapters = net.AddLora("q_proj,v_proj", rank: 8, alpha: 16);
/// adapters.Load("style", name: "style");
/// adapters.SetActive("style");
/// using (adapters.Disabled()) Console.WriteLine("the base");
/// adapters.MergeAndUnload();
/// </code></example>
public sealed class ModelAdapters : IDisposable
{
    /// <summary>What an adapter is called where nobody names it.</summary>
    public const string Default = "default";

    readonly List<(string Name, Attachment Attachment)> list = [];
    readonly Lock changing = new();   // within a change or outside of all, and no change within it
    readonly HashSet<string> saved = [];   // the places
    volatile bool gone;

    internal ModelAdapters(ModelDescription model) => Model = model;

    /// <summary>The model as adapters see it.</summary>
    public ModelDescription Model { get; }

    /// <summary>The names, in the order in which they came.</summary>
    public IReadOnlyList<string> Names => [.. Attached().Select(one => one.Name)];

    /// <summary>The adapters, in that order.</summary>
    public IReadOnlyList<Attachment> All => [.. Attached().Select(one => one.Attachment)];

    /// <summary>The names of those that are switched on.</summary>
    public IReadOnlyList<string> Active => [.. Attached().Where(one => one.Attachment.Active).Select(one => one.Name)];

    /// <summary>The adapter of that name: its strength, its parts, what it passed over.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    /// <example><code>adapters["style"].Strength = 0.5;</code></example>
    public Attachment this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            foreach (var one in Attached())
                if (one.Name == name) return one.Attachment;
            string known = Names.Count == 0 ? "there are none yet" : NearestNames.Told(name, Names);
            throw new LowrankException($"the model has no adapter \"{name}\" ({known})");
        }
    }

    /// <summary>Whether there is an adapter of that name.</summary>
    public bool Contains(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Names.Contains(name);
    }

    /// <summary>The parameters that training moves, of every active adapter: what an optimizer is given.</summary>
    /// <example><code>using var optimizer = new FusedAdamW(adapters.Trainable, learningRate: 1e-3);</code></example>
    public IReadOnlyList<Parameter> Trainable => [.. NamedTrainable.Select(one => one.Parameter)];

    /// <summary>The same with names: the adapter's, the layer's path and the part's, as in <c>default.model.q_proj.down</c>.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> NamedTrainable
    {
        get
        {
            var met = new HashSet<nint>();   // what several layers share comes once
            return
            [
                .. from one in Attached()
                   where one.Attachment.Active
                   from target in one.Attachment.Adapter.Targets
                   from part in target.Value.named_parameters()
                   where part.parameter.requires_grad && met.Add(part.parameter.Handle)
                   select ($"{one.Name}.{target.Key}.{part.name}", part.parameter),
            ];
        }
    }

    /// <summary>How much of the model and its adapters is trained: what PEFT's <c>print_trainable_parameters</c> prints.</summary>
    /// <example><code>
    /// Console.WriteLine(adapters.TrainableSummary());   // 1,024 of 21,508 parameters are trained (4.76 %, 4.0 KB)
    /// </code></example>
    public TrainableSummary TrainableSummary()
    {
        using var scope = NewDisposeScope();
        List<Parameter> own = [.. Model.Components.SelectMany(component => component.Module.parameters())];
        List<Parameter> trained = [.. Trainable.Concat(own.Where(parameter => parameter.requires_grad))];
        var adapted = Attached().SelectMany(one => one.Attachment.Adapter.Targets.Values).SelectMany(made => made.parameters());
        var all = own.Concat(adapted).DistinctBy(parameter => parameter.Handle);
        return new(trained.Sum(Count), all.Sum(Count), trained.Sum(parameter => parameter.numel() * parameter.ElementSize));

        static long Count(Parameter parameter) => parameter.numel();
    }

    /// <summary>What each adapter is and does now.</summary>
    /// <example><code>foreach (var adapter in adapters.Status()) Console.WriteLine(adapter);</code></example>
    public IReadOnlyList<AdapterStatus> Status() => [.. Attached().Select(one => AdapterStatus.Of(one.Name, one.Attachment))];

    /// <summary>Reads an adapter from a file or a folder of any program and puts it on the model; the first is switched on.</summary>
    /// <param name="path">A folder of PEFT's, or a file of PEFT, kohya, LyCORIS, diffusers and others.</param>
    /// <param name="name">What it is called here; null takes the file's or the folder's name.</param>
    /// <param name="strength">The user's multiplier; 0 gives exactly the base.</param>
    /// <param name="allowUnmatched">Whether keys that belong to no layer are left out rather than an error; they stand in
    /// <see cref="AdapterStatus.LeftOut"/> with the reason.</param>
    /// <returns>The adapter on the model.</returns>
    /// <exception cref="LowrankException">It cannot be read, does not fit the model, or the name is taken.</exception>
    /// <example><code>
    /// adapters.Load("style-folder", name: "style");
    /// adapters.SetActive("style");
    /// </code></example>
    public Attachment Load(string path, string? name = null, double strength = 1, bool allowUnmatched = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0) throw new LowrankException("the path of the adapter to load is empty");
        string called = name ?? Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(path));
        RefuseTaken(called);
        var adapter = AdapterFile.Read(path, Model, allowUnmatched);
        return Add(called, adapter, active => new Attachment(Model, adapter, strength, ownsAdapter: true, active: active));
    }

    /// <summary>Writes an adapter, whole or not at all. The strength that it has here is not written: whoever loads it chooses.</summary>
    /// <param name="path">A folder for PEFT's layout; a path that ends in .safetensors becomes one file in kohya's spelling, one that ends
    /// in .gguf llama.cpp's.</param>
    /// <param name="name">Which; null means the one that is active.</param>
    /// <param name="dialect">Another program's spelling (see <see cref="Dialects"/>); null goes by the path.</param>
    /// <param name="overwrite">Whether what exists there is replaced rather than an error; what this object saved there itself is
    /// replaced in any case, and an empty folder is filled.</param>
    /// <exception cref="LowrankException">Something exists there, several or none are active, or the spelling cannot hold the adapter;
    /// those that can are named.</exception>
    /// <example><code>
    /// adapters.Save("my-adapter");               // adapter_config.json and adapter_model.safetensors
    /// adapters.Save("my-adapter.safetensors");   // one file
    /// </code></example>
    public void Save(string path, string? name = null, string? dialect = null, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        string ending = Path.GetExtension(path).ToLowerInvariant();
        if (Path.GetExtension(path) is ".pt" or ".pth" or ".bin" or ".ckpt" && dialect is null)
            throw new LowrankException($"adapters are written as a folder of PEFT's or as one file that ends in .safetensors, and {path} " +
                "is neither: choose another name");
        CheckEnding(path, ending, dialect ??= UsualDialect(ending));
        var adapter = this[name ?? OnlyActive("is saved")].Adapter;
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        bool isTaken = File.Exists(place) || Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Any();
        lock (changing) isTaken &= !saved.Contains(place);
        if (isTaken && !overwrite) throw new LowrankException($"{path} exists already: choose another name, or say overwrite: true");
        AdapterFile.Write(path, adapter, Model, dialect);
        lock (changing) saved.Add(place);
    }

    static void CheckEnding(string path, string ending, string dialect)
    {
        var packaging = Dialects.Named(dialect).Packaging;
        bool isFile = ending is ".safetensors" or ".gguf";
        if (packaging.WritesFolder && isFile)
            throw new LowrankException(
                $"the dialect {dialect} is a folder, and {path} ends as a file: leave {ending} away, or the dialect");
        if (!packaging.WritesFolder && ending != packaging.Ending)
            throw new LowrankException($"the dialect {dialect} is a file that ends in {packaging.Ending}, and {path} does not: " +
                "choose another name, or leave the dialect away");
    }

    static string UsualDialect(string ending) => ending switch
    {
        ".safetensors" => "kohya",
        ".gguf" => "gguf",
        _ => "peft",
    };

    string OnlyActive(string done) => Active switch
    {
        [var one] => one,
        [] => throw new LowrankException($"no adapter is active: say which {done} ({Told(Names)})"),
        var several => throw new LowrankException($"{several.Count} adapters are active: say which {done} ({Told(several)})"),
    };

    static string Told(IReadOnlyList<string> names) => names.Count == 0 ? "the model has none" : string.Join(", ", names);

    /// <summary>Switches the named on and the others off; without a name all are off. Calls see the switch whole.</summary>
    /// <exception cref="LowrankException">There is no adapter of a name, or one that would change is merged.</exception>
    /// <example><code>adapters.SetActive("style", "light");   // both, added</code></example>
    public void SetActive(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var chosen = names.Select(name => this[name]).ToHashSet();
        Model.Together(() =>
        {
            foreach (var (_, one) in Attached())
                if (one.Active != chosen.Contains(one)) one.Active = !one.Active;
        });
    }

    /// <summary>Chooses the one adapter that works in the calls made within the block, whatever is active elsewhere: for servers.</summary>
    /// <param name="name">The adapter.</param>
    /// <param name="strength">Its strength here; null leaves it its own.</param>
    /// <returns>The block, to be disposed of where it was opened; it flows over tasks and awaits.</returns>
    /// <exception cref="LowrankException">There is no such adapter, or the model is merged.</exception>
    /// <example><code>using (adapters.Using("style")) answer = net.call(x);</code></example>
    public IDisposable Using(string name, double? strength = null) => Model.Using(this[name], strength);

    /// <summary>Leaves every adapter out until the block ends.</summary>
    /// <returns>The block, to be disposed of.</returns>
    /// <exception cref="LowrankException">The model is merged.</exception>
    /// <example><code>using (adapters.Disabled()) answer = net.call(x);   // the base's</code></example>
    public IDisposable Disabled() => Model.WithoutAdapters();

    /// <summary>Makes one LoRA of several adapters, as PEFT's <c>add_weighted_adapter</c>; it is switched off until it is chosen.</summary>
    /// <param name="name">The new adapter's name.</param>
    /// <param name="adapters">Names and weights; negative ones subtract.</param>
    /// <param name="way">How: <c>cat</c>, which is exact, <c>svd</c>, <c>linear</c>, <c>ties</c>, <c>dare_ties</c> and others, see
    /// <see cref="Combination"/>.</param>
    /// <param name="options">Rank, density, seed and so on; null for the usual ones.</param>
    /// <returns>The new adapter on the model.</returns>
    /// <remarks>The adapters come in as they were made: their strengths on this model do not count, the weights given here do.</remarks>
    /// <exception cref="LowrankException">A name that is taken or unknown, an option that the way does not take, or methods that
    /// cannot be combined in this way.</exception>
    /// <example><code>
    /// adapters.Combine("both", [("style", 0.7), ("light", 0.3)]);
    /// adapters.SetActive("both");
    /// </code></example>
    public Attachment Combine(
        string name, IReadOnlyList<(string Name, double Weight)> adapters, string way = "cat", CombineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(adapters);
        ArgumentNullException.ThrowIfNull(way);
        RefuseTaken(name);
        options ??= new();
        RefuseUnused(Combination.Named(way), options);
        options = options with { Weights = options.Weights ?? WeightSources.Of(Model) };
        List<WeightedAdapter> weighted = [.. adapters.Select(one => new WeightedAdapter(this[one.Name].Adapter, one.Weight))];
        var made = AdapterCombination.Combine(weighted, Combination.Named(way), options, name);
        return Add(name, made.Adapter, _ => new Attachment(Model, made.Adapter, 1, ownsAdapter: true, active: false));
    }

    static void RefuseUnused(Combination way, CombineOptions options)
    {
        var usual = new CombineOptions();
        bool decomposes = way.Space == CombinationSpace.Changes, draws = way.Mix.Pruning == Pruning.Random;
        (string Name, bool Counts, bool IsGiven)[] all =
        [
            (nameof(options.Rank), decomposes, options.Rank is not null),
            (nameof(options.Clamp), decomposes, options.Clamp is not null),
            (nameof(options.FullSvd), decomposes, options.FullSvd),
            (nameof(options.Density), way.Mix.Pruning != Pruning.None, options.Density != usual.Density),
            (nameof(options.Majority), way.Mix.ElectsSigns, options.Majority != usual.Majority),
            (nameof(options.Seed), draws, options.Seed != usual.Seed),
            (nameof(options.Masks), draws, options.Masks is not null),
        ];
        var unused = all.Where(one => one.IsGiven && !one.Counts).Select(one => one.Name).ToList();
        if (unused.Count > 0)
            throw new LowrankException($"{way.Name} takes no {string.Join(", ", unused)}: leave it away, or choose another way");
    }

    /// <summary>Takes an adapter off the model and frees it; what it was merged into gets its bits back.</summary>
    /// <exception cref="LowrankException">There is no such adapter.</exception>
    public void Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var attachment = this[name];
        attachment.Dispose();
        lock (changing) list.RemoveAll(one => one.Attachment == attachment);
    }

    /// <summary>
    /// Works adapters into the weights, all layers or none, and keeps the original bits: faster calls, until <see cref="Unmerge"/>.
    /// </summary>
    /// <remarks>
    /// A model all of whose adapters are merged does not train: <c>loss.backward()</c> says that "element 0 of tensors does not require
    /// grad", and an optimizer's step that the parameters are merged. <see cref="Unmerge"/> first.
    /// </remarks>
    /// <param name="names">Which; one that is switched off is switched on. Without a name those that are active.</param>
    /// <exception cref="LowrankException">None is active, the model is merged already, or a value has no place in a weight's
    /// dtype.</exception>
    public void Merge(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        HostChange.Make(_ => new ModelMerge(Model).Merge(Chosen(names)), isAlone: true);
    }

    // Those that are named, switched on; without a name those that are on.
    List<Attachment> Chosen(IReadOnlyList<string> names)
    {
        if (names.Count == 0) names = Active;
        if (names.Count == 0) throw new LowrankException($"no adapter is active: say which is merged ({Told(Names)})");
        List<Attachment> chosen = [.. names.Select(name => this[name])];
        foreach (var one in chosen.Where(one => !one.Active)) one.Active = true;
        return chosen;
    }

    /// <summary>Gives the weights their original bits back.</summary>
    /// <param name="discardEdits">Whether weights that were written into since merging are lost rather than an error.</param>
    /// <exception cref="LowrankException">A weight or bias was written into, be it with the values that it had, as a load of the merged
    /// weights does or a call of an embedding with <c>max_norm</c>, or it was replaced; nothing has changed then.</exception>
    public void Unmerge(bool discardEdits = false) => Model.Unmerge(discardEdits);

    /// <summary>
    /// Works adapters into the weights for good and takes all of them off the model: a plain model without Lowrank in it, and without a
    /// second copy of its weights.
    /// </summary>
    /// <param name="names">Which are worked in; the others go unmerged. Without a name those that are active, and then there may be no
    /// other.</param>
    /// <exception cref="LowrankException">An adapter would be lost that nobody has named, or it cannot be merged; nothing has changed
    /// then.</exception>
    /// <example><code>
    /// adapters.MergeAndUnload();
    /// net.save("merged.dat");
    /// </code></example>
    public void MergeAndUnload(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0 && Names.Except(Active).FirstOrDefault() is { } idle)
            throw new LowrankException($"\"{idle}\" is not active and would be lost: name those that are merged, or remove it first");
        HostChange.Make(_ =>
        {
            RefuseOthers();
            new ModelMerge(Model).Keep(Chosen(names));
        }, isAlone: true);
        Dispose();
    }

    // What was put on the model by other means would leave its layers with the rest.
    void RefuseOthers()
    {
        var own = Attached().Select(one => one.Attachment).ToHashSet();
        var entries = ModelAdaptation.Hosts(Model).SelectMany(host => host.Entries);
        if (entries.FirstOrDefault(one => one.Attachment is not { } by || !own.Contains(by)) is not { } other) return;
        string name = other.Attachment?.Adapter.Name ?? "an adapter";
        throw new LowrankException($"\"{name}\" at {other.Reparameterization.Target} was put on the model by other means than this " +
            "object and would be lost: take it off first, or merge it by what put it there");
    }

    /// <summary>Takes all adapters off the model and frees them: the model is what it was, bit for bit.</summary>
    public void Unload() => Dispose();

    /// <summary>The same as <see cref="Unload"/>; the next <see cref="AdapterExtensions.Adapters"/> begins anew.</summary>
    public void Dispose()
    {
        foreach (var (_, attachment) in Attached().Reverse()) attachment.Dispose();
        lock (changing) list.Clear();
        gone = true;
        AdapterExtensions.Forget(this);
    }

    internal void RefuseTaken(string name)
    {
        if (gone) throw new LowrankException("these adapters were unloaded; ask the module anew: module.Adapters()");
        if (name.Length == 0) throw new LowrankException("an adapter's name is empty");
        if (Contains(name))
            throw new LowrankException($"the model has an adapter \"{name}\" already; give this one another name, or remove that one");
    }

    // The first works at once; later ones wait until they are chosen.
    internal Attachment Add(string name, Adapter adapter, Func<bool, Attachment> attach)
    {
        Attachment? made = null;
        try
        {
            HostChange.Make(_ =>
            {
                RefuseTaken(name);
                made = attach(Attached().Count == 0);
                made.Name = name;
                lock (changing) list.Add((name, made));
            });
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
        return made!;
    }

    // Who disposes of an attachment has taken its adapter off.
    IReadOnlyList<(string Name, Attachment Attachment)> Attached()
    {
        lock (changing)
        {
            list.RemoveAll(one => !one.Attachment.IsAttached);
            return [.. list];
        }
    }
}

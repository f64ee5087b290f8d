namespace Lowrank.Adapters;

/// <summary>PEFT's folders: <c>base_model.model.PATH.lora_A.weight</c>, and a configuration beside them.</summary>
/// <remarks>
/// A model of several components has a folder for each that is adapted (<c>unet/</c>, <c>text_encoder/</c>): PEFT loads them one by one.
/// Source: PEFT 0.21.2.
/// </remarks>
sealed class PeftDialect : Dialect
{
    readonly PeftSpelling spelling;
    readonly PeftPackaging packaging;

    /// <summary>As PEFT writes today.</summary>
    public PeftDialect() : this(new PeftSpelling()) { }

    PeftDialect(PeftSpelling spelling)
    {
        this.spelling = spelling;
        packaging = new(spelling);
        Layout = new PeftLayout(spelling);
    }

    /// <inheritdoc/>
    public override string Name => "peft";

    /// <summary>Virtual tokens alone look like the vectors of a word.</summary>
    public override string? Refines => "textual-inversion";

    /// <inheritdoc/>
    public override Spelling Spelling => spelling;

    /// <inheritdoc/>
    public override PartLayout Layout { get; }

    /// <inheritdoc/>
    public override Packaging Packaging => packaging;

    /// <inheritdoc/>
    public override Dialect WithOptionalLevels => new PeftDialect(new PeftSpelling(writesLevel: true));

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(key => PeftSpelling.Begins(key) || key == PeftPrompts.Key);

    /// <summary>PEFT's configuration makes the tensors PEFT's, also where their names lack what PEFT puts before them.</summary>
    internal override bool Owns(ITensorFile file) => file is IPeftConfigured;

    /// <summary>A folder that has the name of a component holds that component's own paths.</summary>
    public override Dialect For(ITensorFile file, ModelDescription model)
    {
        string? name = (file as PeftFolder)?.Folder is { } folder ? Path.GetFileName(Path.GetFullPath(folder)) : null;
        bool isComponent = name is not null && model.Components.Count > 1 && model.Components.Any(component => component.Name == name);
        return isComponent ? new PeftDialect(new PeftSpelling(ownComponent: name)) : this;
    }

    /// <inheritdoc/>
    internal override ITensorFile View(ITensorFile file, ModelDescription model)
    {
        if ((file as PeftComponents)?.FaultOf(model) is { } several) throw new LowrankException(several);
        return PeftView.Of(file, model);
    }

    /// <inheritdoc/>
    internal override bool IsPrompt(string key) => key == PeftPrompts.Key;

    /// <inheritdoc/>
    internal override VirtualPrompt? PromptIn(ITensorFile file, ModelDescription model) =>
        file is IPeftConfigured configured && configured.Configs.FirstOrDefault(PeftPrompts.Are) is { } config
            ? PeftPrompts.Read(file, config, model)
            : null;

    /// <inheritdoc/>
    internal override InspectedPrompt? PromptIn(ITensorFile file) =>
        file is IPeftConfigured configured && configured.Configs.FirstOrDefault(PeftPrompts.Are) is { } config
            ? PeftPrompts.Told(file, config)
            : null;

    /// <inheritdoc/>
    private protected override bool HoldsPrompts => true;

    /// <inheritdoc/>
    internal override IReadOnlyList<KeyValuePair<string, Tensor>> Folded(
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors, ModelDescription model) => PeftStacks.Fold(tensors, model);

    /// <inheritdoc/>
    public override string? Refuses(Adapter adapter, ModelDescription model)
    {
        if ((PeftReach.Refusal(adapter) ?? base.Refuses(adapter, model)) is { } reason) return reason;
        if (model.Components.Select(one => PeftStacks.Refusal(adapter, one)).FirstOrDefault(one => one is not null) is { } ofExperts)
            return ofExperts;
        if (adapter.Targets.Count == 0 && adapter.Prompt is null) return $"{Name} holds no embeddings alone";
        try
        {
            packaging.Configs(adapter, model, adapter.Metadata);
            return null;
        }
        catch (LowrankException error)
        {
            return error.Message.TrimEnd('.');
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file) =>
        file is IPeftConfigured configured
            ? configured.Configs.SelectMany(config => config.Faults())
                .Concat(Held(file, configured).Select(held => held.Config.FaultOfTensors(held.Keys)).OfType<string>())
                .Concat((file as PeftView)?.Faults ?? []).Distinct()
            : [];

    // The tensors under each configuration, by their own paths and without an adapter's name in them.
    IEnumerable<(PeftConfig Config, IReadOnlyList<string> Keys)> Held(ITensorFile file, IPeftConfigured configured)
    {
        // Of a view the file itself: the configuration tells of the keys that stand in it.
        if (file is PeftView { File: IPeftConfigured own } view) (file, configured) = (view.File, own);
        var held = configured.Configs.ToDictionary(config => config, _ => new List<string>());
        foreach (string key in file.Tensors.Select(tensor => Unnamed(tensor.Name)))
            if (spelling.PathOf(key) is not { } path)
                foreach (var keys in held.Values) keys.Add(key);
            else if (configured.ConfigAt(path) is var (config, below))
                held[config].Add(below);
        return held.Select(pair => (pair.Key, (IReadOnlyList<string>)pair.Value));
    }

    // A key that ends as it should has no adapter's name: of lora_A.weight "weight" is none.
    string Unnamed(string key) =>
        PeftTypes.All.Any(type => type.Name.Length > 0 && type.Parts.Any(part => key.EndsWith(part.Suffix, StringComparison.Ordinal)))
            ? key
            : spelling.Mend(key) ?? key;

    /// <inheritdoc/>
    public override IEnumerable<PassedOver> PassesOver(ITensorFile file) =>
        file is IPeftConfigured configured
            ? configured.Configs.SelectMany(config => config.NotUnderstood())
                .Concat(Held(file, configured).SelectMany(held => held.Config.NotBorneOut(held.Keys))).Distinct()
            : [];

    /// <inheritdoc/>
    public override IEnumerable<string> NotesOn(ITensorFile file)
    {
        if (file is not IPeftConfigured configured)
            return ["there is no adapter_config.json beside it: every alpha is read as the rank, and every switch as its default"];
        var view = file as PeftView;
        var others = ((view?.File ?? file) as PeftFolder)?.Others ?? [];
        string[] within = others.Count == 0
            ? []
            : [$"further adapters lie in folders within it and are not read: {string.Join(", ", others)}"];
        return configured.Configs.SelectMany(config => config.Defaults()).Distinct().Concat(within).Concat(view?.Told ?? []);
    }
}

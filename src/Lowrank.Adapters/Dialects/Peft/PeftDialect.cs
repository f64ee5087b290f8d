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

    /// <inheritdoc/>
    public override Spelling Spelling => spelling;

    /// <inheritdoc/>
    public override PartLayout Layout { get; }

    /// <inheritdoc/>
    public override Packaging Packaging => packaging;

    /// <inheritdoc/>
    public override Dialect WithOptionalLevels => new PeftDialect(new PeftSpelling(writesLevel: true));

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(PeftSpelling.Begins);

    /// <summary>A folder that has the name of a component holds that component's own paths.</summary>
    public override Dialect For(ITensorFile file, ModelDescription model)
    {
        string? name = (file as PeftFolder)?.Folder is { } folder ? Path.GetFileName(Path.GetFullPath(folder)) : null;
        bool isComponent = name is not null && model.Components.Count > 1 && model.Components.Any(component => component.Name == name);
        return isComponent ? new PeftDialect(new PeftSpelling(ownComponent: name)) : this;
    }

    /// <inheritdoc/>
    public override string? Refuses(Adapter adapter, ModelDescription model)
    {
        if ((PeftReach.Refusal(adapter) ?? base.Refuses(adapter, model)) is { } reason) return reason;
        if (adapter.Targets.Count == 0) return $"{Name} holds no embeddings alone";
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
                .Concat(Held(file, configured).Select(held => held.Config.FaultOfTensors(held.Keys)).OfType<string>()).Distinct()
            : [];

    // The tensors under each configuration, by their own paths and without an adapter's name in them.
    IEnumerable<(PeftConfig Config, IReadOnlyList<string> Keys)> Held(ITensorFile file, IPeftConfigured configured)
    {
        var held = configured.Configs.ToDictionary(config => config, _ => new List<string>());
        foreach (string key in file.Tensors.Select(tensor => Unnamed(tensor.Name)))
            if (spelling.PathOf(key) is not { } path)
                foreach (var keys in held.Values) keys.Add(key);
            else if (configured.ConfigAt(path) is var (config, own))
                held[config].Add(own);
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
    public override IEnumerable<string> NotesOn(ITensorFile file) => file is IPeftConfigured configured
        ? configured.Configs.SelectMany(config => config.Defaults()).Distinct()
        : ["there is no adapter_config.json beside it: every alpha is read as the rank, and every switch as its default"];
}

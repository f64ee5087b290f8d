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
        if (base.Refuses(adapter, model) is { } reason) return reason;
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
        (file as IPeftConfigured)?.Configs.SelectMany(config => config.Faults()).Distinct() ?? [];

    /// <inheritdoc/>
    public override IEnumerable<PassedOver> PassesOver(ITensorFile file) =>
        file is IPeftConfigured configured ? configured.Configs.SelectMany(config => config.NotUnderstood()).Distinct() : [];

    /// <inheritdoc/>
    public override IEnumerable<string> NotesOn(ITensorFile file) => Packaging.IsWhole(file)
        ? []
        : ["there is no adapter_config.json beside it: every alpha is read as the rank, and every switch as its default"];
}

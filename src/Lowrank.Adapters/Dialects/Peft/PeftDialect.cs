namespace Lowrank.Adapters;

/// <summary>PEFT's folders: <c>base_model.model.PATH.lora_A.weight</c>, and a configuration beside them.</summary>
/// <remarks>Source: PEFT 0.21.2.</remarks>
sealed class PeftDialect : Dialect
{
    static readonly PeftSpelling spelling = new();

    /// <inheritdoc/>
    public override string Name => "peft";

    /// <inheritdoc/>
    public override Spelling Spelling => spelling;

    /// <inheritdoc/>
    public override PartLayout Layout { get; } = new PeftLayout(spelling);

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new PeftPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(PeftSpelling.Begins);

    /// <inheritdoc/>
    public override string? Refuses(Adapter adapter, ModelDescription model)
    {
        if (base.Refuses(adapter, model) is { } reason) return reason;
        if (adapter.Targets.Count == 0) return $"{Name} holds no embeddings alone";
        try
        {
            PeftPackaging.Config(adapter, model);
            return null;
        }
        catch (LowrankException error)
        {
            return error.Message.TrimEnd('.');
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file) => (file as PeftFolder)?.Config.Faults() ?? [];

    /// <inheritdoc/>
    public override IEnumerable<PassedOver> PassesOver(ITensorFile file) => (file as PeftFolder)?.Config.NotUnderstood() ?? [];

    /// <inheritdoc/>
    public override IEnumerable<string> NotesOn(ITensorFile file) => Packaging.IsWhole(file)
        ? []
        : ["there is no adapter_config.json beside it: every alpha is read as the rank, and every switch as its default"];
}

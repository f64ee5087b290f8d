namespace Lowrank.Adapters;

/// <summary>A dialect's parts under the names and endings that files themselves have.</summary>
/// <param name="inner">The dialect of the files.</param>
/// <param name="keys">The files' keys.</param>
sealed class OwnNamesDialect(Dialect inner, IReadOnlyList<string> keys) : Dialect
{
    /// <inheritdoc/>
    public override string Name => inner.Name;

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new OwnNamesSpelling(inner.Spelling, keys);

    /// <inheritdoc/>
    public override PartLayout Layout { get; } = inner.Layout.TellsAlpha
        ? inner.Layout
        : new OwnNamesLayout(inner.Layout, keys.Any(key => KeyEnd.Of(inner.Spelling, key) is { Suffix: ".alpha" }));

    /// <inheritdoc/>
    public override WordSpelling Words => inner.Words;

    /// <summary>A header that tells components is none for names alone; what it would tell stands in the tensors.</summary>
    public override Packaging Packaging => inner.Packaging is DiffusersPackaging ? new PlainDiffusersPackaging() : inner.Packaging;

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => inner.Recognizes(keys);

    /// <inheritdoc/>
    public override Dialect ForWriting(Adapter adapter, ModelDescription model) =>
        new OwnNamesDialect(inner.ForWriting(adapter, model), keys);

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file) => inner.Faults(file);

    /// <inheritdoc/>
    public override IEnumerable<string> NotesOn(ITensorFile file) => inner.NotesOn(file);

    /// <inheritdoc/>
    public override IEnumerable<PassedOver> PassesOver(ITensorFile file) => inner.PassesOver(file);
}

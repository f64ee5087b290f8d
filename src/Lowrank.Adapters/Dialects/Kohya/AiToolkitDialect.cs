namespace Lowrank.Adapters;

/// <summary>
/// ai-toolkit's files for Stable Diffusion: kohya's names, DoRA's magnitudes as <c>.magnitude</c>, and its name in the metadata.
/// </summary>
/// <remarks>Source: ostris/ai-toolkit toolkit/models/DoRA.py and toolkit/network_mixins.py at 27a03a9.</remarks>
sealed class AiToolkitDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "ai-toolkit";

    /// <inheritdoc/>
    public override string Refines => "kohya";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new AiToolkitSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout { get; } = new AiToolkitLayout();

    /// <inheritdoc/>
    public override WordSpelling Words { get; } = new BundledWords();

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new AiToolkitPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) =>
        keys.Any(KohyaDialect.Begins) && keys.Any(key => key.EndsWith(AiToolkitSpelling.Magnitude, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Recognizes(ITensorFile file)
    {
        var keys = file.Tensors.Select(t => t.Name).ToList();
        return Recognizes(keys) || keys.Exists(KohyaDialect.Begins) && AiToolkitPackaging.Marks(file.Metadata);
    }
}

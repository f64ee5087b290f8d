namespace Lowrank.Adapters;

/// <summary>kohya's networks.oft: names as in <see cref="KohyaDialect"/> with <c>oft_unet_</c> before them, and its own OFT alone.</summary>
/// <remarks>Source: kohya-ss/sd-scripts networks/oft.py at 48d368f.</remarks>
public sealed class KohyaOftDialect : KohyaDialect
{
    /// <inheritdoc/>
    public override string Name => "kohya-oft";

    /// <inheritdoc/>
    protected override string Start => "oft";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
        [(".oft_blocks", KohyaOft.Descriptor.Name, "oft_blocks"), (".alpha", "", "alpha")];

    /// <inheritdoc/>
    public override (string Name, string? Component)? EmbeddingOf(ITensorFile file, string key) => null;

    /// <inheritdoc/>
    public override string? KeyOfEmbedding(Adapter adapter, ModelDescription model, AdapterEmbedding embedding, string component) => null;
}

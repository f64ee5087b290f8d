namespace Lowrank.Adapters;

/// <summary>
/// kohya's and LyCORIS's parts behind a model's bare paths: <c>transformer_blocks.0.attn.to_q.lora_down.weight</c>.
/// </summary>
/// <remarks>
/// So the fast Qwen-Image files are published. Two streams of one layer (<c>processor.qkv_lora1.down.weight</c>, XLabs' Flux) are read too.
/// </remarks>
sealed class DottedDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "dotted";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new DottedSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout => KohyaLayout.Only;

    /// <inheritdoc/>
    public override WordSpelling Words { get; } = new BundledWords();

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new KohyaPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(DottedSpelling.IsFactor) && !keys.Any(DottedSpelling.IsOther);
}

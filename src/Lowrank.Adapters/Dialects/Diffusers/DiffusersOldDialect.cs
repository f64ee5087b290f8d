namespace Lowrank.Adapters;

/// <summary>
/// diffusers' first files: <c>unet.down_blocks.0....attn1.processor.to_q_lora.down.weight</c>, the very first without <c>unet.</c>;
/// text encoders <c>self_attn.to_q_lora.down.weight</c>.
/// </summary>
/// <remarks>They have no place for alpha. Source: diffusers 0.42.1, utils/state_dict_utils.py.</remarks>
sealed class DiffusersOldDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "diffusers-old";

    /// <inheritdoc/>
    public override string Refines => "diffusers-mid";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new DiffusersOldSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout => BakedAlphaLayout.Only;

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new PlainDiffusersPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) =>
        keys.Any(key => DiffusersOldSpelling.IsFactor(key) && !ComfyUiSpelling.Begins(key));
}

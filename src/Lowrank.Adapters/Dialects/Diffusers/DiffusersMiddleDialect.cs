namespace Lowrank.Adapters;

/// <summary>
/// diffusers' files from 0.17 on: <c>unet.down_blocks.0....to_q.lora.down.weight</c>, and <c>.lora_linear_layer.down.weight</c> in text
/// encoders.
/// </summary>
/// <remarks>They have no place for alpha. Source: diffusers 0.42.1, utils/state_dict_utils.py.</remarks>
sealed class DiffusersMiddleDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "diffusers-mid";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new DiffusersMiddleSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout => BakedAlphaLayout.Only;

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new PlainDiffusersPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(IsFactor);

    static bool IsFactor(string key)
    {
        bool ofDenoiser = key.Contains(".lora.down.", StringComparison.Ordinal);
        bool ofTextEncoder = key.Contains(".lora_linear_layer.", StringComparison.Ordinal);
        return (ofDenoiser || ofTextEncoder) && !ComfyUiSpelling.Begins(key);
    }
}

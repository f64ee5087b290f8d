namespace Lowrank.Adapters;

/// <summary>
/// ComfyUI's own names: <c>diffusion_model.input_blocks.1.1....to_q.lora_up.weight</c>, dots and LDM's blocks;
/// <c>text_encoders.clip_l.transformer....</c>
/// </summary>
/// <remarks>
/// The parts are kohya's and LyCORIS's, and LoRA's factors may be called <c>lora_A</c> and <c>lora_B</c> as well. Diffusers' blocks are
/// read too. Source: comfyanonymous/ComfyUI comfy/lora.py and comfy/weight_adapter at a125cd8.
/// </remarks>
sealed class ComfyUiDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "comfyui";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new ComfyUiSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout => KohyaLayout.Only;

    /// <inheritdoc/>
    public override WordSpelling Words { get; } = new BundledWords();

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new KohyaPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(ComfyUiSpelling.Begins);
}

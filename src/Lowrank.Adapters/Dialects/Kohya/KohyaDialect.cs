namespace Lowrank.Adapters;

/// <summary>kohya's sd-scripts, and so AUTOMATIC1111 and ComfyUI: <c>lora_unet_down_blocks_0_..._to_q.lora_down.weight</c>.</summary>
/// <remarks>
/// SDXL's UNet is written in SGM's spelling (<c>input_blocks_4_1_...</c>); both spellings are read, mixed too, and a text encoder's names
/// as diffusers exports them (<c>lora_te1_</c> for an only one, and no <c>text_model_</c>). AUTOMATIC1111's bundles are such files with
/// words beside. Source: kohya-ss/sd-scripts networks/lora.py at 48d368f.
/// </remarks>
sealed class KohyaDialect : Dialect
{
    const string Start = "lora_";

    /// <inheritdoc/>
    public override string Name => "kohya";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new KohyaSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout => KohyaLayout.Only;

    /// <inheritdoc/>
    public override WordSpelling Words { get; } = new BundledWords();

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new KohyaPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(Begins);

    /// <summary>Whether a key begins as kohya's do, whose names other programs write too.</summary>
    internal static bool Begins(string key) => key.StartsWith(Start, StringComparison.Ordinal) && key.Contains('.');
}

namespace Lowrank.Adapters;

/// <summary>OneTrainer's files: kohya's names with diffusers' blocks, for SDXL too, and <c>ot_</c> metadata.</summary>
/// <remarks>Source: Nerogar/OneTrainer modules/util/convert/lora at 23df383.</remarks>
sealed class OneTrainerDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "onetrainer";

    /// <inheritdoc/>
    public override string Refines => "kohya";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new OneTrainerSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout => KohyaLayout.Only;

    /// <inheritdoc/>
    public override WordSpelling Words { get; } = new BundledWords();

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new OneTrainerPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(OneTrainerSpelling.IsDotted);

    /// <inheritdoc/>
    public override bool Recognizes(ITensorFile file)
    {
        var keys = file.Tensors.Select(t => t.Name);
        bool isMarked = file.Metadata.Keys.Any(OneTrainerPackaging.IsMark);
        return isMarked && keys.Any(KohyaDialect.Begins) || Recognizes(keys);
    }
}

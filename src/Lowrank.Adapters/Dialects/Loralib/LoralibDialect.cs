namespace Lowrank.Adapters;

/// <summary>loralib's state dicts: <c>transformer.h.0.attn.c_attn.lora_A</c>, a model's own paths.</summary>
/// <remarks>Source: microsoft/LoRA loralib 0.1.2, layers.py and utils.py.</remarks>
sealed class LoralibDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "loralib";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new LoralibSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout { get; } = new LoralibLayout();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(LoralibSpelling.IsFactor);

    /// <inheritdoc/>
    public override IEnumerable<string> NotesOn(ITensorFile file)
    {
        yield return "loralib's files do not tell alpha: it is read as the rank; where it was another, use strength alpha/rank";
        var halves = LoralibSpelling.LayersIn(file).Where(layer => LoralibLayout.HasTwoSlices(layer.Down, layer.Up)).ToList();
        if (halves.Count > 0)
            yield return $"{halves.Count} layers such as {halves[0].Name} have two slices, and loralib's files do not tell which; " +
                "of three they are read as the first and the last (q and v)";
    }
}

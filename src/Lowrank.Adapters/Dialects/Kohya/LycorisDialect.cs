namespace Lowrank.Adapters;

/// <summary>LyCORIS's wrapper of any module: <c>lycoris_down_blocks_0_..._to_q.lora_down.weight</c>.</summary>
/// <remarks>kohya's hashes stand in files of kohya's names alone. Source: KohakuBlueleaf/LyCORIS 4.1.3, wrapper.py.</remarks>
sealed class LycorisDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "lycoris";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } = new LycorisSpelling();

    /// <inheritdoc/>
    public override PartLayout Layout => KohyaLayout.Only;

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) =>
        keys.Any(key => key.StartsWith(LycorisSpelling.Prefix, StringComparison.Ordinal) && key.Contains('.'));
}

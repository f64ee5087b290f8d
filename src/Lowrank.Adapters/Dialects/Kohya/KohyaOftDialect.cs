namespace Lowrank.Adapters;

/// <summary>kohya's networks.oft: kohya's names with <c>oft_</c> before them, and its own OFT alone.</summary>
/// <remarks>Source: kohya-ss/sd-scripts networks/oft.py at 48d368f.</remarks>
sealed class KohyaOftDialect : Dialect
{
    const string Start = "oft";

    /// <inheritdoc/>
    public override string Name => "kohya-oft";

    /// <inheritdoc/>
    public override Spelling Spelling { get; } =
        new KohyaSpelling(Start, [(".oft_blocks", KohyaOft.Descriptor.Name, "oft_blocks"), (".alpha", "", "alpha")]);

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new KohyaPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) =>
        keys.Any(key => key.StartsWith(Start + "_", StringComparison.Ordinal) && key.Contains('.'));
}

namespace Lowrank.Formats;

/// <summary>gpt-oss' experts.</summary>
sealed class Mxfp4Scheme : QuantizedScheme
{
    const string Blocks = "_blocks", Scales = "_scales";

    public override string Name => "mxfp4";

    internal override IReadOnlyList<(string Mark, string Weight)> Marks => [(Blocks, "")];

    internal override IReadOnlyList<string> Ends => [Blocks, Scales];

    internal override long[] ShapeOf(QuantizedParts parts) =>
        parts.Info(Blocks).Shape is [var experts, var outputs, var groups, 16] ? [experts, groups * 32, outputs]
        : throw new LowrankException(
            $"{parts.Module}{Blocks} has the shape {parts.Info(Blocks).Shape.Text()}, and (experts, outputs, groups, 16) belongs there.");

    internal override Tensor Decode(QuantizedParts parts) => FourBitFloats.DecodeMxfp4(parts.Read(Blocks), parts.Read(Scales));
}

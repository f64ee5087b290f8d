namespace Lowrank.Formats;

/// <summary>Folders of compressed-tensors (llm-compressor): what a weight's tensors are tells its format.</summary>
sealed class CompressedTensorsScheme : QuantizedScheme
{
    const string Weight = ".weight", Packed = ".weight_packed", Scale = ".weight_scale", Zero = ".weight_zero_point";
    const string Shape = ".weight_shape", Groups = ".weight_g_idx", GlobalScale = ".weight_global_scale";

    public override string Name => "compressed-tensors";

    internal override IReadOnlyList<(string Mark, string Weight)> Marks => [(Packed, Weight), (Scale, Weight)];

    // Scales of activations are for rounding these, which is not done.
    internal override IReadOnlyList<string> Ends =>
        [Weight, Packed, Scale, Zero, Shape, Groups, GlobalScale, ".input_scale", ".input_global_scale", ".input_zero_point"];

    internal override long[] ShapeOf(QuantizedParts parts)
    {
        if (parts.Find(Packed) is not { } packed) return parts.Info(Weight).Shape;
        if (packed.Dtype == TensorDtype.U8) return [packed.Shape[0], packed.Shape[1] * 2];
        using var scope = NewDisposeScope();
        return [.. parts.Read(Shape).to(ScalarType.Int64).data<long>().ToArray()];
    }

    internal override Tensor Decode(QuantizedParts parts)
    {
        if (parts.Find(Packed) is not { } packed)
            return PackedRows.Scaled(parts.Read(Weight), parts.Read(Scale), parts.ReadIfThere(Zero), parts.ReadIfThere(Groups));
        if (packed.Dtype == TensorDtype.U8)
            return FourBitFloats.DecodeNvfp4(parts.Read(Packed), parts.Read(Scale), parts.Read(GlobalScale));
        var shape = ShapeOf(parts);
        int bits = new[] { 1, 2, 4, 8 }.FirstOrDefault(some => (shape[1] * some + 31) / 32 == packed.Shape[1]);
        return new PackedRows(bits).Decode(
            parts.Read(Packed), shape, parts.Read(Scale), parts.ReadIfThere(Zero), parts.ReadIfThere(Groups));
    }
}

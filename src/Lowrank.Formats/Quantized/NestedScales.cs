namespace Lowrank.Formats;

/// <summary>bitsandbytes' double quantisation: the blocks' magnitudes less their mean, rounded to 8 bits themselves.</summary>
/// <param name="Codes">A code for each magnitude, uint8.</param>
/// <param name="Largest">The largest of every so many, float32.</param>
/// <param name="Offset">The mean.</param>
/// <param name="BlockSize">How many.</param>
public sealed record NestedScales(Tensor Codes, Tensor Largest, float Offset, int BlockSize = 256)
{
    /// <summary>Rounds magnitudes. The tensors belong to the caller's scope.</summary>
    public static NestedScales Encode(Tensor largest, int blockSize = 256)
    {
        using var scope = NewDisposeScope();
        float offset = largest.mean().ToSingle();
        var (codes, outer) = new EightBitBlocks(blockSize).Encode(largest - offset);
        return new(codes.MoveToOuterDisposeScope(), outer.MoveToOuterDisposeScope(), offset, blockSize);
    }

    /// <summary>The magnitudes, float32; they belong to the caller's scope.</summary>
    /// <param name="map">The codes' values; null for <see cref="DynamicMap.Signed"/>.</param>
    public Tensor Decode(Tensor? map = null)
    {
        using var scope = NewDisposeScope();
        return (new EightBitBlocks(BlockSize).Decode(Codes, Largest, map) + Offset).MoveToOuterDisposeScope();
    }
}

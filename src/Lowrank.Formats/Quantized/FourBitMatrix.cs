namespace Lowrank.Formats;

/// <summary>A matrix as bitsandbytes' 4 bits keep it (<see cref="FourBitBlocks"/>), its blocks' magnitudes as floats or rounded
/// themselves.</summary>
public sealed class FourBitMatrix : IPackedMatrix
{
    readonly FourBitBlocks blocks;
    readonly Tensor packed;
    readonly Tensor? largest;
    readonly NestedScales? nested;

    internal FourBitMatrix(FourBitBlocks blocks, long[] shape, Tensor packed, Tensor? largest, NestedScales? nested) =>
        (this.blocks, Shape, this.packed, this.largest, this.nested) = (blocks, shape, packed, largest, nested);

    /// <summary>Rounds a matrix of floats.</summary>
    /// <param name="blocks">Code and size of blocks.</param>
    /// <param name="values">(rows, columns), finite.</param>
    /// <param name="isNested">Whether the blocks' magnitudes are rounded too (double quantisation).</param>
    public static FourBitMatrix Round(FourBitBlocks blocks, Tensor values, bool isNested)
    {
        using var scope = NewDisposeScope();
        var (packed, largest) = blocks.Encode(values.detach());
        if (!isNested) return new(blocks, values.shape, scope.Detach(packed), scope.Detach(largest), null);
        var nested = NestedScales.Encode(largest);
        scope.Detach(nested.Codes);
        scope.Detach(nested.Largest);
        return new(blocks, values.shape, scope.Detach(packed), null, nested);
    }

    /// <inheritdoc/>
    public long[] Shape { get; }

    /// <inheritdoc/>
    public string Format => blocks.Code.Name;

    /// <inheritdoc/>
    public long Bytes => packed.numel() + (largest?.numel() ?? nested!.Largest.numel()) * sizeof(float) + (nested?.Codes.numel() ?? 0);

    /// <inheritdoc/>
    public void DecodeTo(Tensor values)
    {
        using var scope = NewDisposeScope();
        blocks.DecodeTo(values, packed, largest ?? nested!.Decode());
    }

    /// <inheritdoc/>
    public IPackedMatrix Rounded(Tensor values) => Round(blocks, values, nested is not null);

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        packed.Dispose();
        largest?.Dispose();
        nested?.Codes.Dispose();
        nested?.Largest.Dispose();
    }
}

namespace Lowrank.Diffusion;

/// <summary>torch's generator of the CPU (a Mersenne Twister): what <c>torch.randn</c> draws there.</summary>
/// <remarks>
/// It heeds the low 32 bits of a seed. Fewer than 16 numbers at once come by another way than 16 and more, and where their count is no
/// multiple of 16 the last 16 are drawn again: a batch begins like its first picture alone only where a picture has a multiple of 16.
/// </remarks>
/// <param name="seed">64 bits, kept as signed.</param>
public sealed class TorchNormalGenerator(long seed) : INormalGenerator
{
    // From so many numbers on they are drawn in blocks of as many.
    const int Block = 16;

    readonly Generator generator = new(unchecked((ulong)seed));

    /// <inheritdoc/>
    public Tensor Draw(params long[] shape) => randn(shape, dtype: ScalarType.Float32, device: CPU, generator: generator);

    /// <summary>
    /// The next numbers in another dtype, as <c>torch.randn</c> (2.13) draws them in it: float64 is another stream; 16 bits are the rounded
    /// float32 stream, but for the last 16 of a count that is no multiple of 16, which follow at once where float32 passes over some.
    /// </summary>
    // libtorch 2.10 draws 16 bits otherwise.
    public Tensor Draw(ScalarType dtype, params long[] shape)
    {
        bool has16Bits = dtype is ScalarType.Float16 or ScalarType.BFloat16;
        if (!has16Bits) return randn(shape, dtype: dtype, device: CPU, generator: generator);
        using var scope = NewDisposeScope();
        long count = shape.Aggregate(1L, (product, side) => product * side);
        bool isWhole = count < Block || count % Block == 0;
        if (isWhole) return scope.MoveToOuter(Draw(shape).to(dtype));
        var blocks = Draw(count / Block * Block);
        return scope.MoveToOuter(cat([blocks[..(int)(count - Block)], Draw(Block)]).reshape(shape).to(dtype));
    }

    /// <inheritdoc/>
    public void Dispose() => generator.Dispose();
}

namespace Lowrank.Formats;

/// <summary>HQQ's storage: whole numbers in groups with a zero and a scale each, both floats; W = (q - zero)·scale.</summary>
/// <remarks>Packed are blocks of rows on top of each other: of four bits, the first half of the rows is in the upper halves of the bytes.
/// Three bits: ten blocks in a word of 32 bits, the first in bits 27 to 29, the last padded.</remarks>
/// <param name="Bits">Bits of a number: 1, 2, 3, 4 or 8.</param>
/// <param name="GroupSize">Numbers of a group.</param>
/// <param name="Axis">1 where a group is a row of numbers, 0 where it is a column.</param>
public sealed record Hqq(int Bits, long GroupSize, int Axis)
{
    /// <summary>The weight in float32; it belongs to the caller's scope.</summary>
    /// <param name="packed">uint8, or int32 of three bits.</param>
    /// <param name="scale">A number for each group.</param>
    /// <param name="zero">A number for each group.</param>
    /// <param name="shape">The weight's shape.</param>
    /// <exception cref="LowrankException">Bits that HQQ has not, or parts that do not go together.</exception>
    public Tensor Decode(Tensor packed, Tensor scale, Tensor zero, long[] shape)
    {
        int inWord = Bits switch
        {
            8 or 4 or 2 or 1 => 8 / Bits,
            3 => 10,
            _ => throw new LowrankException($"HQQ stores 1, 2, 3, 4 or 8 bits, not {Bits}."),
        };
        if (packed.dim() != 2 || GroupSize <= 0)
            throw new LowrankException($"HQQ's numbers of shape {packed.shape.Text()} in groups of {GroupSize} are no matrix of groups.");
        using var scope = NewDisposeScope();
        var words = packed.to(ScalarType.Int32);
        int mask = (1 << Bits) - 1;
        var blocks = Enumerable.Range(1, inWord).Select(block => words.bitwise_right_shift((inWord - block) * Bits).bitwise_and(mask));
        long count = shape.Aggregate(1L, (product, axis) => product * axis), rows = Axis == 1 ? count / GroupSize : GroupSize;
        var numbers = cat([.. blocks]);
        if (numbers.shape[0] < rows || numbers.shape[1] * rows != count)
            throw new LowrankException(
                $"HQQ's numbers of shape {packed.shape.Text()} are no weight of shape {shape.Text()} in groups of {GroupSize}.");
        var values = (numbers.narrow(0, 0, rows).to(ScalarType.Float32) - zero.to(ScalarType.Float32)) * scale.to(ScalarType.Float32);
        return values.reshape(shape).MoveToOuterDisposeScope();
    }
}

namespace Lowrank.Formats;

/// <summary>torchao's whole numbers: a byte each (Int8Tensor, IntxUnpackedToInt8Tensor), or two in a byte (Int4Tensor); a scale and a zero
/// for each row or each group of a row.</summary>
public static unsafe class Torchao
{
    /// <summary>The weight (out, in) in float32, W = (q - zero)·scale; it belongs to the caller's scope.</summary>
    /// <param name="numbers">(out, in) int8.</param>
    /// <param name="scale">(out, groups).</param>
    /// <param name="zero">(out, groups); null where all are 0.</param>
    public static Tensor Decode(Tensor numbers, Tensor scale, Tensor? zero) => PackedRows.Scaled(numbers, scale, zero);

    /// <summary>The weight (out, in) in float32, W = q·scale + zero with q from -8 to 7; it belongs to the caller's scope.</summary>
    /// <remarks>Source: fbgemm's int4_row_quantize_zp and pack_int4, by which torchao rounds.</remarks>
    /// <param name="pairs">(out, in/2): the even column in the low half of a byte.</param>
    /// <param name="scale">(groups, out).</param>
    /// <param name="zero">(groups, out): the value at q = 0.</param>
    /// <exception cref="LowrankException">Parts that do not go together.</exception>
    public static Tensor DecodePairs(Tensor pairs, Tensor scale, Tensor zero)
    {
        using var scope = NewDisposeScope();
        if (pairs.dim() != 2 || scale.dim() != 2)
            throw new LowrankException($"shapes {pairs.shape.Text()} and {scale.shape.Text()} are no matrices.");
        var (outputs, groups) = (pairs.shape[0], scale.shape[0]);
        StoredTensor.Require(scale, [groups, outputs], "scale");
        StoredTensor.Require(zero, [groups, outputs], "zero_point");
        long inputs = 2 * pairs.shape[1];
        if (inputs % groups != 0) throw new LowrankException($"{groups} groups do not divide {inputs} inputs.");
        var places = StoredTensor.Groups(inputs, inputs / groups);
        var (factors, offsets) = (OfInputs(scale), OfInputs(zero));
        return (Halves(pairs) * factors + offsets).MoveToOuterDisposeScope();

        Tensor OfInputs(Tensor each) => each.to(ScalarType.Float32).t().index_select(1, places);
    }

    // Each byte's two numbers with their signs, as floats.
    static Tensor Halves(Tensor pairs)
    {
        pairs = StoredTensor.Plain(pairs.to(ScalarType.Int8));
        var numbers = empty([pairs.shape[0], 2 * pairs.shape[1]], ScalarType.Float32, CPU);
        var (from, to) = (StoredTensor.Start(pairs, ScalarType.Int8, "qdata"), MemoryRange.Of(numbers).First);
        StoredTensor.Share(pairs.numel(), (first, end) =>
        {
            for (long i = first; i < end; i++)
            {
                sbyte pair = ((sbyte*)from)[i];
                ((float*)to)[2 * i] = (sbyte)(pair << 4) >> 4;
                ((float*)to)[2 * i + 1] = pair >> 4;
            }
        });
        return numbers;
    }
}

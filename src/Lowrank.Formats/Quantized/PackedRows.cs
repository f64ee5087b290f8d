namespace Lowrank.Formats;

/// <summary>compressed-tensors' whole numbers: packed along the inputs, or a byte each; a scale, and at times a zero, for each group of
/// inputs, each output, or all; W = (q - zero)·scale.</summary>
/// <param name="Bits">Bits of a number: 1, 2, 4 or 8.</param>
public sealed unsafe record PackedRows(int Bits)
{
    /// <summary>The weight (out, in) in float32; it belongs to the caller's scope.</summary>
    /// <param name="packed">(out, in·bits/32) int32, each number more by half their range.</param>
    /// <param name="shape">The weight's shape, which padding does not count in.</param>
    /// <param name="scale">(out, groups), (out, 1), or one number.</param>
    /// <param name="zero">(out·bits/32, groups) int32, packed along the outputs; null where all are 0.</param>
    /// <param name="groups">(in): the group of each input; null where they follow each other.</param>
    /// <exception cref="LowrankException">Bits or parts that do not go together.</exception>
    public Tensor Decode(Tensor packed, long[] shape, Tensor scale, Tensor? zero, Tensor? groups)
    {
        if (Bits is not (1 or 2 or 4 or 8)) throw new LowrankException($"compressed-tensors packs 1, 2, 4 or 8 bits, not {Bits}.");
        using var scope = NewDisposeScope();
        var (outputs, inputs) = (shape[0], shape[1]);
        StoredTensor.Require(packed, [outputs, (inputs * Bits + 31) / 32], "weight_packed");
        var numbers = Unpack(packed, "weight_packed").narrow(1, 0, inputs);
        var zeros = zero is null ? null : Unpack(zero.t(), "weight_zero_point").narrow(1, 0, outputs).t();
        return Scaled(numbers, scale, zeros, groups).MoveToOuterDisposeScope();
    }

    /// <summary>The weight (out, in) in float32 of numbers that have a byte each; it belongs to the caller's scope.</summary>
    /// <param name="numbers">(out, in).</param>
    /// <param name="scale">(out, groups), (out, 1), or one number.</param>
    /// <param name="zero">As <paramref name="scale"/>; null where all are 0.</param>
    /// <param name="groups">(in): the group of each input; null where they follow each other.</param>
    public static Tensor Scaled(Tensor numbers, Tensor scale, Tensor? zero, Tensor? groups = null)
    {
        using var scope = NewDisposeScope();
        var values = numbers.to(ScalarType.Float32);
        if (zero is not null) values = values - OfInputs(zero.to(ScalarType.Float32), numbers.shape, groups);
        return (values * OfInputs(scale.to(ScalarType.Float32), numbers.shape, groups)).contiguous().MoveToOuterDisposeScope();
    }

    // A number for each group becomes one for each input.
    static Tensor OfInputs(Tensor numbers, long[] shape, Tensor? groups)
    {
        if (numbers.numel() == 1) return numbers.reshape(1, 1);
        if (numbers.dim() == 1) numbers = numbers.unsqueeze(1);   // one for each output
        if (numbers.shape is not [var rows, var count] || rows != shape[0])
            throw new LowrankException($"scales or zeros {numbers.shape.Text()} are not one for each row, or each group of a row, of a " +
                $"weight {shape.Text()}; those of blocks of rows are not read.");
        long inputs = shape[1];
        if (count == 1) return numbers;
        if (groups is null && inputs % count != 0)
            throw new LowrankException($"{count} groups do not divide {inputs} inputs: shapes {numbers.shape.Text()} and {shape.Text()}.");
        var places = groups?.to(ScalarType.Int64) ?? StoredTensor.Groups(inputs, inputs / count);
        return numbers.index_select(1, places);
    }

    // Along the last axis, as floats, less half their range.
    Tensor Unpack(Tensor words, string what)
    {
        words = StoredTensor.Plain(words);
        int inWord = 32 / Bits, half = 1 << Bits - 1;
        uint mask = (1u << Bits) - 1;
        var numbers = empty([words.shape[0], words.shape[1] * inWord], ScalarType.Float32, CPU);
        var (from, to) = (StoredTensor.Start(words, ScalarType.Int32, what), MemoryRange.Of(numbers).First);
        StoredTensor.Share(words.numel(), (first, end) =>
        {
            for (long i = first; i < end; i++)
                for (int place = 0; place < inWord; place++)
                    ((float*)to)[i * inWord + place] = (int)(((uint*)from)[i] >> Bits * place & mask) - half;
        });
        return numbers;
    }
}

namespace Lowrank.Formats;

/// <summary>AWQ's storage ("gemm"): numbers of four bits packed along the outputs, a zero and a scale for each group of inputs and each
/// output; W[o, i] = (q - zero)·scale.</summary>
/// <remarks>Of a word's eight, the columns 0, 2, 4, 6, 1, 3, 5, 7 stand in this order, from the lowest bits up.</remarks>
/// <param name="GroupSize">Inputs of a group; -1 for one group.</param>
public sealed unsafe record Awq(int GroupSize)
{
    const int Bits = 4, InWord = 32 / Bits;

    // Where each of a word's columns stands.
    static ReadOnlySpan<byte> Places => [0, 4, 1, 5, 2, 6, 3, 7];

    /// <summary>The weight (out, in) in float32; it belongs to the caller's scope.</summary>
    /// <param name="words">(in, out/8) int32.</param>
    /// <param name="zeros">(groups, out/8) int32; null where all are 0.</param>
    /// <param name="scales">(groups, out).</param>
    /// <exception cref="LowrankException">Parts that do not go together.</exception>
    public Tensor Decode(Tensor words, Tensor? zeros, Tensor scales)
    {
        using var scope = NewDisposeScope();
        (words, scales) = (StoredTensor.Plain(words), StoredTensor.Floats(scales));
        long inputs = words.shape[0], row = words.shape[1], outputs = row * InWord;
        long size = GroupSize <= 0 ? inputs : GroupSize, count = (inputs + size - 1) / size;
        StoredTensor.Require(scales, [count, outputs], "scales");
        var offsets = torch.zeros([count, outputs], ScalarType.Float32, CPU);
        if (zeros is not null) Unpack(StoredTensor.Plain(zeros), offsets, "qzeros");
        var turned = empty([inputs, outputs], ScalarType.Float32, CPU);
        Unpack(words, turned, "qweight");
        var groups = StoredTensor.Groups(inputs, size);
        var weight = (turned - offsets.index_select(0, groups)) * scales.index_select(0, groups);
        return weight.t().contiguous().MoveToOuterDisposeScope();
    }

    static void Unpack(Tensor words, Tensor numbers, string what)
    {
        StoredTensor.Require(words, [numbers.shape[0], numbers.shape[1] / InWord], what);
        var (from, to) = (StoredTensor.Start(words, ScalarType.Int32, what), MemoryRange.Of(numbers).First);
        StoredTensor.Share(words.numel(), (first, end) =>
        {
            for (long i = first; i < end; i++)
                for (int column = 0; column < InWord; column++)
                    ((float*)to)[i * InWord + column] = ((uint*)from)[i] >> Bits * Places[column] & 15;
        });
    }
}

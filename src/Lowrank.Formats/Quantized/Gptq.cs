namespace Lowrank.Formats;

/// <summary>GPTQ's storage: whole numbers of few bits packed along the inputs, a zero and a scale for each group of inputs and each
/// output; W[o, i] = (q - zero)·scale.</summary>
/// <param name="Bits">Bits of a number: 2, 3, 4 or 8.</param>
/// <param name="GroupSize">Inputs of a group where the file does not tell each input's; -1 for one group.</param>
/// <param name="ZerosLessOne">Whether zeros are stored less one, as <c>checkpoint_format</c> "gptq" has it ("gptq_v2" has not); a zero of 0
/// is all ones then.</param>
public sealed unsafe record Gptq(int Bits, int GroupSize, bool ZerosLessOne = true)
{
    const int OutputsAtOnce = 16;

    /// <summary>The weight (out, in) in float32; it belongs to the caller's scope.</summary>
    /// <param name="words">(in·bits/32, out) int32.</param>
    /// <param name="zeros">(groups, out·bits/32) int32.</param>
    /// <param name="scales">(groups, out).</param>
    /// <param name="groups">(in) int32: the group of each input; null where they follow each other.</param>
    /// <exception cref="LowrankException">Bits that GPTQ has not, or parts that do not go together.</exception>
    public Tensor Decode(Tensor words, Tensor zeros, Tensor scales, Tensor? groups)
    {
        RequireBits();
        using var scope = NewDisposeScope();
        (words, zeros, scales) = (StoredTensor.Plain(words), StoredTensor.Plain(zeros), StoredTensor.Floats(scales));
        long inputs = words.shape[0] * 32 / Bits, outputs = words.shape[1], count = scales.shape[0];
        if (outputs * Bits % 32 != 0)
            throw new LowrankException(
                $"zeros of {outputs} outputs in {Bits} bits fill no whole words of 32 bits, and GPTQ packs whole ones.");
        StoredTensor.Require(zeros, [count, outputs * Bits / 32], "qzeros");
        StoredTensor.Require(scales, [count, outputs], "scales");
        var places = groups is null ? InOrder(inputs) : StoredTensor.Plain(groups).to(ScalarType.Int32);
        StoredTensor.Require(places, [inputs], "g_idx");
        if (inputs > 0 && (places.min().ToInt64() < 0 || places.max().ToInt64() >= count))
            throw new LowrankException(
                $"g_idx names groups from {places.min().ToInt64()} to {places.max().ToInt64()}, and there are {count}.");
        var offsets = Zeros(zeros, count, outputs);
        var weight = empty([outputs, inputs], ScalarType.Float32, CPU);
        var (from, to) = (StoredTensor.Start(words, ScalarType.Int32, "qweight"), MemoryRange.Of(weight).First);
        var (zero, scale, place) = (MemoryRange.Of(offsets).First, MemoryRange.Of(scales).First, MemoryRange.Of(places).First);
        StoredTensor.Share((outputs + OutputsAtOnce - 1) / OutputsAtOnce, (first, end) =>
        {
            for (long o = first * OutputsAtOnce; o < Math.Min(end * OutputsAtOnce, outputs); o += OutputsAtOnce)
                Fill((uint*)from, (float*)zero, (float*)scale, (int*)place, (float*)to, o, inputs, outputs);
        });
        return weight.MoveToOuterDisposeScope();
    }

    /// <summary>Makes sure that GPTQ has numbers of so many bits.</summary>
    /// <exception cref="LowrankException">It has not.</exception>
    internal void RequireBits()
    {
        if (Bits is not (2 or 3 or 4 or 8)) throw new LowrankException($"GPTQ stores 2, 3, 4 or 8 bits, not {Bits}.");
    }

    Tensor InOrder(long inputs) => GroupSize <= 0 ? zeros([inputs], ScalarType.Int32, CPU)
        : StoredTensor.Groups(inputs, GroupSize).to(ScalarType.Int32);

    // As floats, (groups, out).
    Tensor Zeros(Tensor zeros, long count, long outputs)
    {
        var offsets = empty([count, outputs], ScalarType.Float32, CPU);
        uint* words = (uint*)StoredTensor.Start(zeros, ScalarType.Int32, "qzeros");
        float* to = (float*)MemoryRange.Of(offsets).First;
        long row = zeros.shape[1];
        int mask = (1 << Bits) - 1, more = ZerosLessOne ? 1 : 0;
        for (long group = 0; group < count; group++)
            for (long o = 0; o < outputs; o++)
                to[group * outputs + o] = BitStream.At(words + group * row, 1, o, Bits) + more & mask;
        return offsets;
    }

    // Some outputs at a time, so that few rows are written at once.
    void Fill(uint* words, float* zeros, float* scales, int* groups, float* to, long first, long inputs, long outputs)
    {
        long end = Math.Min(first + OutputsAtOnce, outputs);
        for (long i = 0; i < inputs; i++)
        {
            float* zero = zeros + groups[i] * outputs, scale = scales + groups[i] * outputs;
            for (long o = first; o < end; o++)
                to[o * inputs + i] = (BitStream.At(words + o, outputs, i, Bits) - zero[o]) * scale[o];
        }
    }
}

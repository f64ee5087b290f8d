namespace Lowrank.Formats;

/// <summary>4-bit floats (E2M1) with a scale for some of them: OCP's MXFP4 as gpt-oss stores it, NVIDIA's NVFP4 as compressed-tensors
/// does. The low half of a byte comes first.</summary>
public static unsafe class FourBitFloats
{
    static ReadOnlySpan<float> Values => [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    /// <summary>MXFP4's experts (experts, inputs, outputs) in float32; they belong to the caller's scope.</summary>
    /// <param name="blocks">(experts, outputs, groups, 16) uint8.</param>
    /// <param name="scales">(experts, outputs, groups) uint8: powers of two as <see cref="Float8Blocks.Powers"/>.</param>
    public static Tensor DecodeMxfp4(Tensor blocks, Tensor scales)
    {
        using var scope = NewDisposeScope();
        StoredTensor.Require(scales, blocks.shape[..^1], "scales");
        var values = Unpack(blocks, "blocks") * Float8Blocks.Powers(scales).unsqueeze(-1);   // (E, out, groups, 32)
        var (experts, outputs) = (blocks.shape[0], blocks.shape[1]);
        return values.view(experts, outputs, -1).transpose(1, 2).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>NVFP4's weight (out, in) in float32; it belongs to the caller's scope.</summary>
    /// <param name="packed">(out, in/2) uint8.</param>
    /// <param name="scales">(out, in/16), as they are read.</param>
    /// <param name="globalScale">What the scales are divided by.</param>
    public static Tensor DecodeNvfp4(Tensor packed, Tensor scales, Tensor globalScale)
    {
        const int Group = 16;
        using var scope = NewDisposeScope();
        var (outputs, inputs) = (packed.shape[0], packed.shape[1] * 2);
        StoredTensor.Require(scales, [outputs, inputs / Group], "weight_scale");
        var each = scales.to(ScalarType.Float32) / globalScale.to(ScalarType.Float32).reshape(1, 1);
        var values = Unpack(packed, "weight_packed").view(outputs, -1, Group) * each.unsqueeze(-1);
        return values.view(outputs, inputs).MoveToOuterDisposeScope();
    }

    // Twice as many along the last axis.
    static Tensor Unpack(Tensor bytes, string what)
    {
        bytes = StoredTensor.Plain(bytes);
        var values = empty([.. bytes.shape[..^1], bytes.shape[^1] * 2], ScalarType.Float32, CPU);
        var (from, to) = (StoredTensor.Start(bytes, ScalarType.Byte, what), MemoryRange.Of(values).First);
        StoredTensor.Share(bytes.numel(), (first, end) =>
        {
            for (long i = first; i < end; i++)
            {
                byte pair = ((byte*)from)[i];
                ((float*)to)[2 * i] = Values[pair & 15];
                ((float*)to)[2 * i + 1] = Values[pair >> 4];
            }
        });
        return values;
    }
}

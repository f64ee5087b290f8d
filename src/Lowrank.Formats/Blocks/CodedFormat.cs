using System.Runtime.Intrinsics.X86;

namespace Lowrank.Formats;

/// <summary>A block type by its codec.</summary>
sealed unsafe class CodedFormat<TCodec>(string name, int id, int elements, int bytes, TensorDtype? dtype = null)
    : BlockFormat(name, id, new(elements, bytes), dtype) where TCodec : struct, IBlockCodec
{
    internal override void Decode(ReadOnlySpan<byte> blocks, Span<float> values, bool lanes, int count)
    {
        int elements = Block.Elements, bytes = Block.Bytes;
        fixed (byte* first = blocks)
        fixed (float* to = values)
        {
            if (lanes)
                for (nint i = 0; i < count; i++) TCodec.DecodeLanes(first + i * bytes, to + i * elements);
            else
                for (nint i = 0; i < count; i++) TCodec.Decode(first + i * bytes, to + i * elements);
        }
    }

    // Some blocks at a time become floats, in the first cache.
    internal override void Multiply(in BlockProduct product, long first, long end)
    {
        if (TCodec.HasParts && Avx512F.IsSupported)
        {
            PartProduct<TCodec>.Run(product, Block, first, end);
            return;
        }
        const int Most = 256;
        int elements = Block.Elements, bytes = Block.Bytes;
        long row = product.Inputs / elements * bytes;
        float* weight = stackalloc float[Most], sums = stackalloc float[BlockProduct.MostRows * BlockLanes.Count];
        for (long output = first; output < end; output++)
        {
            new Span<float>(sums, product.Rows * BlockLanes.Count).Clear();
            byte* block = product.Blocks + output * row;
            for (long start = 0; start < product.Inputs; start += Most)
            {
                int count = (int)Math.Min(Most, product.Inputs - start);
                for (int i = 0; i < count; i += elements, block += bytes) TCodec.DecodeLanes(block, weight + i);
                int x = 0;
                for (; x + 4 <= product.Rows; x += 4)
                    BlockLanes.AddFour(product.X + x * product.Inputs + start, product.Inputs, weight, count, sums + x * BlockLanes.Count);
                for (; x < product.Rows; x++)
                    BlockLanes.Add(product.X + x * product.Inputs + start, weight, count, sums + x * BlockLanes.Count);
            }
            for (int x = 0; x < product.Rows; x++)
                product.Answer[x * product.Outputs + output] = BlockLanes.Sum(sums + x * BlockLanes.Count);
        }
    }

    internal override void Encode(ReadOnlySpan<float> values, Span<byte> blocks, bool lanes, int count)
    {
        int elements = Block.Elements, bytes = Block.Bytes;
        fixed (float* first = values)
        fixed (byte* to = blocks)
        {
            if (lanes)
                for (nint i = 0; i < count; i++) TCodec.EncodeLanes(first + i * elements, to + i * bytes);
            else
                for (nint i = 0; i < count; i++) TCodec.Encode(first + i * elements, to + i * bytes);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>A <see cref="BlockProduct"/> with AVX-512 of codecs that tell 32 elements in two vectors: what is decoded goes into the sums of
/// all rows without being written anywhere.</summary>
/// <remarks>Decoded elements are those of <see cref="IBlockCodec.DecodeLanes"/>, and a row's sums are made in one order however many rows
/// there are.</remarks>
static unsafe class PartProduct<TCodec> where TCodec : struct, IBlockCodec
{
    const int Lane = BlockLanes.Count, Part = IBlockCodec.PartElements, Few = 4;

    /// <summary>Some outputs.</summary>
    /// <param name="product">The product.</param>
    /// <param name="block">Elements and bytes of a block.</param>
    /// <param name="first">The first output.</param>
    /// <param name="end">The one after the last.</param>
    public static void Run(in BlockProduct product, TensorBlock block, long first, long end)
    {
        if (product.Rows == 1) One(product, block, first, end);
        else if (product.Rows <= Few) Four(product, block, first, end);
        else Eight(product, block, first, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(in BlockProduct product, TensorBlock block, long first, long end)
    {
        long inputs = product.Inputs;
        int elements = block.Elements, bytes = block.Bytes;
        float* x = product.X, halves = HalfTable.Start, head = stackalloc float[IBlockCodec.HeadNumbers];
        byte* from = product.Blocks + first * (inputs / elements * bytes);
        for (long output = first; output < end; output++)
        {
            Vector512<float> even = default, odd = default;
            for (long start = 0; start < inputs; start += elements, from += bytes)
            {
                TCodec.Head(from, head);
                for (int i = 0; i < elements; i += Part)
                {
                    var (lower, upper) = TCodec.Part(from, halves, head, i / Part);
                    even = Vector512.FusedMultiplyAdd(lower, Vector512.Load(x + start + i), even);
                    odd = Vector512.FusedMultiplyAdd(upper, Vector512.Load(x + start + i + Lane), odd);
                }
            }
            product.Answer[output] = Vector512.Sum(even + odd);
        }
    }

    // Rows that are not there are the last one again, and are not written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(in BlockProduct product, TensorBlock block, long first, long end)
    {
        long inputs = product.Inputs;
        int elements = block.Elements, bytes = block.Bytes;
        float* halves = HalfTable.Start, head = stackalloc float[IBlockCodec.HeadNumbers];
        float* x0 = Row(product, 0), x1 = Row(product, 1), x2 = Row(product, 2), x3 = Row(product, 3);
        byte* from = product.Blocks + first * (inputs / elements * bytes);
        for (long output = first; output < end; output++)
        {
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default;
            for (long start = 0; start < inputs; start += elements, from += bytes)
            {
                TCodec.Head(from, head);
                for (int i = 0; i < elements; i += Part)
                {
                    var (lower, upper) = TCodec.Part(from, halves, head, i / Part);
                    long at = start + i;
                    Add(lower, upper, x0 + at, ref a0, ref b0);
                    Add(lower, upper, x1 + at, ref a1, ref b1);
                    Add(lower, upper, x2 + at, ref a2, ref b2);
                    Add(lower, upper, x3 + at, ref a3, ref b3);
                }
            }
            Put(product, 0, output, a0 + b0);
            Put(product, 1, output, a1 + b1);
            Put(product, 2, output, a2 + b2);
            Put(product, 3, output, a3 + b3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Eight(in BlockProduct product, TensorBlock block, long first, long end)
    {
        long inputs = product.Inputs;
        int elements = block.Elements, bytes = block.Bytes;
        float* halves = HalfTable.Start, head = stackalloc float[IBlockCodec.HeadNumbers];
        float* x0 = Row(product, 0), x1 = Row(product, 1), x2 = Row(product, 2), x3 = Row(product, 3);
        float* x4 = Row(product, 4), x5 = Row(product, 5), x6 = Row(product, 6), x7 = Row(product, 7);
        byte* from = product.Blocks + first * (inputs / elements * bytes);
        for (long output = first; output < end; output++)
        {
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
            Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
            for (long start = 0; start < inputs; start += elements, from += bytes)
            {
                TCodec.Head(from, head);
                for (int i = 0; i < elements; i += Part)
                {
                    var (lower, upper) = TCodec.Part(from, halves, head, i / Part);
                    long at = start + i;
                    Add(lower, upper, x0 + at, ref a0, ref b0);
                    Add(lower, upper, x1 + at, ref a1, ref b1);
                    Add(lower, upper, x2 + at, ref a2, ref b2);
                    Add(lower, upper, x3 + at, ref a3, ref b3);
                    Add(lower, upper, x4 + at, ref a4, ref b4);
                    Add(lower, upper, x5 + at, ref a5, ref b5);
                    Add(lower, upper, x6 + at, ref a6, ref b6);
                    Add(lower, upper, x7 + at, ref a7, ref b7);
                }
            }
            Put(product, 0, output, a0 + b0);
            Put(product, 1, output, a1 + b1);
            Put(product, 2, output, a2 + b2);
            Put(product, 3, output, a3 + b3);
            Put(product, 4, output, a4 + b4);
            Put(product, 5, output, a5 + b5);
            Put(product, 6, output, a6 + b6);
            Put(product, 7, output, a7 + b7);
        }
    }

    static float* Row(in BlockProduct product, int row) => product.X + Math.Min(row, product.Rows - 1) * product.Inputs;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector512<float> lower, Vector512<float> upper, float* x, ref Vector512<float> even, ref Vector512<float> odd)
    {
        even = Vector512.FusedMultiplyAdd(lower, Vector512.Load(x), even);
        odd = Vector512.FusedMultiplyAdd(upper, Vector512.Load(x + Lane), odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(in BlockProduct product, int row, long output, Vector512<float> sums)
    {
        if (row < product.Rows) product.Answer[row * product.Outputs + output] = Vector512.Sum(sums);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Torch;

/// <summary>Two outputs of several tokens at once: a weight is read and widened once for all of them.</summary>
/// <remarks>
/// Two rows that are read beside each other are two streams that end after a row: the processor's own foresight is late for each, and
/// eight tokens waited for memory longer than they multiplied. So what follows is asked for ahead. Tokens that are not there are the last
/// one again. A token's sums are made in one order, however many there are.
/// </remarks>
static unsafe class RowTile
{
    /// <summary>Outputs.</summary>
    public const int Rows = 2;

    /// <summary>Tokens at most.</summary>
    public const int Most = 8;

    const int Few = 4;
    const int BytesAhead = 8 << 10;

    /// <summary>Sums of the first tokens.</summary>
    /// <param name="weight">Two rows of float32, or of bfloat16 as ushort.</param>
    /// <param name="x">(tokens, inputs).</param>
    /// <param name="tokens">How many, at most <see cref="Most"/>.</param>
    /// <param name="inputs">Numbers of a row.</param>
    /// <param name="sums">Most of the first output, then as many of the second.</param>
    public static void Run<T>(T* weight, float* x, int tokens, int inputs, float* sums) where T : unmanaged
    {
        if (tokens <= Few) Four(weight, x, tokens - 1, inputs, sums);
        else Eight(weight, x, tokens - 1, inputs, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four<T>(T* a, float* x, int last, int inputs, float* sums) where T : unmanaged
    {
        T* b = a + inputs;
        byte* ahead = (byte*)a + BytesAhead, beside = (byte*)b + BytesAhead;
        float* x1 = x + Math.Min(1, last) * inputs, x2 = x + Math.Min(2, last) * inputs, x3 = x + last * inputs;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (int i = 0; i < inputs; i += Lanes.Count)
        {
            Sse.Prefetch0(ahead + (long)i * sizeof(T));
            Sse.Prefetch0(beside + (long)i * sizeof(T));
            var (first, second) = (Lanes.Load(a + i), Lanes.Load(b + i));
            Add(first, second, x + i, ref a0, ref b0);
            Add(first, second, x1 + i, ref a1, ref b1);
            Add(first, second, x2 + i, ref a2, ref b2);
            Add(first, second, x3 + i, ref a3, ref b3);
        }
        Lanes.Sums(a0, a1, a2, a3).Store(sums);
        Lanes.Sums(b0, b1, b2, b3).Store(sums + Most);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Eight<T>(T* a, float* x, int last, int inputs, float* sums) where T : unmanaged
    {
        T* b = a + inputs;
        byte* ahead = (byte*)a + BytesAhead, beside = (byte*)b + BytesAhead;
        float* x1 = x + inputs, x2 = x1 + inputs, x3 = x2 + inputs, x4 = x3 + inputs;
        float* x5 = x + Math.Min(5, last) * inputs, x6 = x + Math.Min(6, last) * inputs, x7 = x + last * inputs;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        for (int i = 0; i < inputs; i += Lanes.Count)
        {
            Sse.Prefetch0(ahead + (long)i * sizeof(T));
            Sse.Prefetch0(beside + (long)i * sizeof(T));
            var (first, second) = (Lanes.Load(a + i), Lanes.Load(b + i));
            Add(first, second, x + i, ref a0, ref b0);
            Add(first, second, x1 + i, ref a1, ref b1);
            Add(first, second, x2 + i, ref a2, ref b2);
            Add(first, second, x3 + i, ref a3, ref b3);
            Add(first, second, x4 + i, ref a4, ref b4);
            Add(first, second, x5 + i, ref a5, ref b5);
            Add(first, second, x6 + i, ref a6, ref b6);
            Add(first, second, x7 + i, ref a7, ref b7);
        }
        Lanes.Sums(a0, a1, a2, a3).Store(sums);
        Lanes.Sums(a4, a5, a6, a7).Store(sums + Few);
        Lanes.Sums(b0, b1, b2, b3).Store(sums + Most);
        Lanes.Sums(b4, b5, b6, b7).Store(sums + Most + Few);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector512<float> first, Vector512<float> second, float* x, ref Vector512<float> a, ref Vector512<float> b)
    {
        var given = Vector512.Load(x);
        a = Avx512F.FusedMultiplyAdd(first, given, a);
        b = Avx512F.FusedMultiplyAdd(second, given, b);
    }
}

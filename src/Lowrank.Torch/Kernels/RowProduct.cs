using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Torch;

/// <summary>Few rows times weights: what a language model does for each token that it writes.</summary>
/// <remarks>
/// Such a product is as fast as the weight is read. libtorch reads bfloat16 slowly: 57 MB take 5.2 ms on one thread of a Xeon with
/// AVX-512, float32's 113 MB 7.6. Here it is widened on the way, x is float32 beside it, and so are sums: 3.0 ms. What a row gives
/// does not hang on those beside it.
/// </remarks>
static unsafe class RowProduct
{
    /// <summary>Rows of a weight that are read beside each other.</summary>
    public const int Rows = 4;

    const int Tokens = 4;   // the same of x
    const int PiecesAThread = 4;       // a thread whose memory is slow does fewer
    const long BytesWorthAThread = 128 << 10;

    /// <summary>Whether it takes a product like this, with nothing to record.</summary>
    public static bool Suits(Tensor x, Tensor weight, Tensor? bias)
    {
        if (weight.dtype != ScalarType.BFloat16 || !Lanes.AreSupported || weight.dim() != 2) return false;
        var (outputs, inputs) = weight.shape;
        long numbers = x.numel();
        bool fits = x.shape[^1] == inputs && numbers > 0 && numbers <= TokenRows.Most * inputs && Takes(weight, bias, outputs, inputs);
        bool isNear = x.dtype is ScalarType.Float32 or ScalarType.BFloat16 && x.device_type == DeviceType.CPU;
        return fits && isNear && !FewRows.AreRecorded(x, weight, bias);
    }

    /// <summary>Whether it takes a weight (outputs, inputs) and a bias of their own kinds.</summary>
    public static bool Takes(Tensor weight, Tensor? bias, long outputs, long inputs)
    {
        bool isWhole = outputs >= Rows && inputs % Lanes.Count == 0 && FewRows.IsMatrix(weight, outputs, inputs);
        return isWhole && FewRows.IsPlain(weight) && FewRows.IsPlain(bias);
    }

    /// <summary>x Wᵀ + b in x's dtype.</summary>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias)
    {
        long[] shape = x.shape;
        int inputs = (int)shape[^1];
        shape[^1] = weight.shape[0];
        using var wide = new TokenRows((int)(x.numel() / inputs), inputs);
        wide.Take(x);
        var answer = empty(shape, x.dtype, x.device);
        Run([RowTask.Of(wide, weight, bias, MemoryRange.Start(answer), (int)shape[^1], x.dtype == ScalarType.BFloat16)]);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        return answer;
    }

    /// <summary>Several products at once, which threads share; they are disposed of.</summary>
    /// <remarks>Threads meet once: what the branches' A makes of the tokens are the first pieces, which are long done when a thread has
    /// finished a piece of the products and adds what B makes of that.</remarks>
    public static void Run(RowTask[] tasks)
    {
        long bytes = 0;
        foreach (var task in tasks) bytes += (long)task.Outputs * task.Inputs * (task.IsWeightNarrow ? 2 : task.Own is null ? 4 : 1);
        int shares = (int)Math.Clamp(bytes / BytesWorthAThread, 1, get_num_threads());
        int pieces = shares == 1 ? 1 : shares * PiecesAThread, lows = Array.Exists(tasks, task => task.HasBranches) ? shares : 0;
        int lowered = 0;
        Crew.Run(lows + pieces, shares, piece =>
        {
            if (piece < lows)
            {
                try { foreach (var task in tasks) task.Lower(piece, lows); }
                finally { Interlocked.Increment(ref lowered); }   // others wait for it
                return;
            }
            foreach (var task in tasks) Multiply(task, piece - lows, pieces);
            if (lows == 0) return;
            var spin = new SpinWait();
            while (Volatile.Read(ref lowered) < lows) spin.SpinOnce(-1);
            foreach (var task in tasks)
            {
                var (first, after) = Range(task, piece - lows, pieces);
                task.Spread(first, after);
            }
        });
        foreach (var task in tasks) task.Dispose();
    }

    // Groups of four outputs are whole; the last piece has what is left of them.
    static (long First, long After) Range(RowTask task, int piece, int pieces)
    {
        long groups = task.Outputs / Rows, first = groups * piece / pieces * Rows;
        return (first, piece == pieces - 1 ? task.Outputs : groups * (piece + 1) / pieces * Rows);
    }

    static void Multiply(RowTask task, int piece, int pieces)
    {
        var (first, after) = Range(task, piece, pieces);
        if (task.Own is { } own)
        {
            if (first < after) own(first, after);
            if (task.Bias != 0) AddBias(task, first, after);
            return;
        }
        long row = first;
        for (; row + Rows <= after; row += Rows) Group(task, row, row);
        if (row < after) Group(task, task.Outputs - Rows, row);   // the last rows, after some that stand already
    }

    static void AddBias(RowTask task, long first, long after)
    {
        for (int token = 0; token < task.Tokens; token++)
            for (long row = first; row < after; row++) ((float*)task.Answer)[(long)token * task.Outputs + row] += task.BiasOf(row);
    }

    // Four outputs, of which those from "least" on are written.
    static void Group(RowTask task, long row, long least)
    {
        if (task.IsWeightNarrow) Group((ushort*)task.Weight + row * task.Inputs, task, row, least);
        else Group((float*)task.Weight + row * task.Inputs, task, row, least);
    }

    static void Group<T>(T* weight, RowTask task, long row, long least) where T : unmanaged
    {
        int token = 0;
        for (; token + Tokens <= task.Tokens; token += Tokens)
            for (int i = 0; i < Rows; i += 2) Tile(weight + (long)i * task.Inputs, task, token, row + i, least);
        for (; token < task.Tokens; token++) Token(weight, task, token, row, least);
    }

    // Four outputs of a token. Each row is read to its end: four at a time are four streams, and on an EPYC half as fast.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Token<T>(T* weight, RowTask task, int token, long row, long least) where T : unmanaged
    {
        int inputs = task.Inputs;
        T* b = weight + inputs, c = b + inputs, d = c + inputs;
        float* x = task.X + (long)token * inputs;
        var sums = Lanes.Sums(Products(weight, x, inputs), Products(b, x, inputs), Products(c, x, inputs), Products(d, x, inputs));
        for (int i = 0; i < Rows; i++) Put(task, token, row + i, least, sums[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Products<T>(T* weight, float* x, int count) where T : unmanaged
    {
        Vector512<float> sum = default;
        for (int i = 0; i < count; i += Lanes.Count) sum = Avx512F.FusedMultiplyAdd(Lanes.Load(weight + i), Vector512.Load(x + i), sum);
        return sum;
    }

    // Two outputs of four tokens: a weight is widened once for all of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile<T>(T* a, RowTask task, int token, long row, long least) where T : unmanaged
    {
        int inputs = task.Inputs;
        T* b = a + inputs;
        float* x0 = task.X + (long)token * inputs, x1 = x0 + inputs, x2 = x1 + inputs, x3 = x2 + inputs;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (int i = 0; i < inputs; i += Lanes.Count)
        {
            var (first, second) = (Lanes.Load(a + i), Lanes.Load(b + i));
            var given = Vector512.Load(x0 + i);
            a0 = Avx512F.FusedMultiplyAdd(first, given, a0);
            b0 = Avx512F.FusedMultiplyAdd(second, given, b0);
            given = Vector512.Load(x1 + i);
            a1 = Avx512F.FusedMultiplyAdd(first, given, a1);
            b1 = Avx512F.FusedMultiplyAdd(second, given, b1);
            given = Vector512.Load(x2 + i);
            a2 = Avx512F.FusedMultiplyAdd(first, given, a2);
            b2 = Avx512F.FusedMultiplyAdd(second, given, b2);
            given = Vector512.Load(x3 + i);
            a3 = Avx512F.FusedMultiplyAdd(first, given, a3);
            b3 = Avx512F.FusedMultiplyAdd(second, given, b3);
        }
        var (ofA, ofB) = (Lanes.Sums(a0, a1, a2, a3), Lanes.Sums(b0, b1, b2, b3));
        for (int i = 0; i < Tokens; i++)
        {
            Put(task, token + i, row, least, ofA[i]);
            Put(task, token + i, row + 1, least, ofB[i]);
        }
    }

    static void Put(RowTask task, int token, long row, long least, float sum)
    {
        if (row < least) return;
        sum += task.BiasOf(row);
        long place = (long)token * task.Outputs + row;
        if (task.IsNarrow) ((ushort*)task.Answer)[place] = BFloat16.Rounded(sum);
        else ((float*)task.Answer)[place] = sum;
    }
}

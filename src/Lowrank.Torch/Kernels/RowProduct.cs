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
        return isWhole && FewRows.IsPlain(weight) && FewRows.IsPlain(bias) && HasEach(bias, outputs);
    }

    // One that broadcasts would be read beyond its end.
    static bool HasEach(Tensor? bias, long outputs)
    {
        Span<long> sizes = stackalloc long[1];
        return bias is null || (FewRows.HasSizes(bias, sizes) && sizes[0] == outputs);
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
        if (task.Tokens == 1)
        {
            Token(weight, task, row, least);
            return;
        }
        float* sums = stackalloc float[Rows * RowTile.Most];
        for (int token = 0; token < task.Tokens; token += RowTile.Most)
        {
            int tokens = Math.Min(task.Tokens - token, RowTile.Most);
            for (int of = 0; of < Rows; of += RowTile.Rows)
            {
                T* rows = weight + (long)of * task.Inputs;
                RowTile.Run(rows, task.X + (long)token * task.Inputs, tokens, task.Inputs, sums + of * RowTile.Most);
            }
            Put(task, token, tokens, row, least, sums);
        }
    }

    // The sums of four outputs, each of several tokens.
    static void Put(RowTask task, int token, int tokens, long row, long least, float* sums)
    {
        const int Next = RowTile.Most;
        if (task.IsNarrow || task.Bias != 0 || row < least)
        {
            for (int i = 0; i < tokens; i++)
                for (int of = 0; of < Rows; of++) Put(task, token + i, row + of, least, sums[of * Next + i]);
            return;
        }
        float* to = (float*)task.Answer + (long)token * task.Outputs + row;
        for (int i = 0; i < tokens; i++, to += task.Outputs)
            Vector128.Create(sums[i], sums[Next + i], sums[2 * Next + i], sums[3 * Next + i]).Store(to);
    }

    // Four outputs of a token. Each row is read to its end: four at a time are four streams, and on an EPYC half as fast.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Token<T>(T* weight, RowTask task, long row, long least) where T : unmanaged
    {
        int inputs = task.Inputs;
        T* b = weight + inputs, c = b + inputs, d = c + inputs;
        float* x = task.X;
        var sums = Lanes.Sums(Products(weight, x, inputs), Products(b, x, inputs), Products(c, x, inputs), Products(d, x, inputs));
        for (int i = 0; i < Rows; i++) Put(task, 0, row + i, least, sums[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Products<T>(T* weight, float* x, int count) where T : unmanaged
    {
        Vector512<float> sum = default;
        for (int i = 0; i < count; i += Lanes.Count) sum = Avx512F.FusedMultiplyAdd(Lanes.Load(weight + i), Vector512.Load(x + i), sum);
        return sum;
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

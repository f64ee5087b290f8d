using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Torch;

/// <summary>One product of few tokens with a weight, and what thin factors add to it (<see cref="RowProduct"/>).</summary>
/// <param name="x">(tokens, inputs); the caller keeps it, and what else is given.</param>
/// <param name="answer">(tokens, outputs).</param>
/// <param name="outputs">Rows of the weight.</param>
sealed unsafe class RowTask(TokenRows x, nint answer, int outputs) : IDisposable
{
    const int Rows = RowProduct.Rows;

    public readonly float* X = x.Start;
    public readonly nint Answer = answer;
    public readonly int Tokens = x.Count, Inputs = x.Width, Outputs = outputs;

    ThinRows[] branches = [];
    FloatBlock? low;    // (tokens, ranks of all branches, each filled up to whole vectors)
    int lowWidth;

    /// <summary>(outputs, inputs); 0 where <see cref="Own"/> multiplies.</summary>
    public nint Weight { get; private init; }

    /// <summary>(outputs), or 0.</summary>
    public nint Bias { get; private init; }

    public bool IsWeightNarrow { get; private init; }

    public bool IsBiasNarrow { get; private init; }

    /// <summary>Whether the answer is of bfloat16; else float32.</summary>
    public bool IsNarrow { get; private init; }

    /// <summary>Writes the answers from one output to another, as a weight of few bits does by itself; null for a plain weight.</summary>
    public Action<long, long>? Own { get; private init; }

    /// <summary>A product with a plain weight.</summary>
    /// <param name="x">The tokens.</param>
    /// <param name="weight">(outputs, inputs), as <see cref="RowProduct.Takes"/> has it.</param>
    /// <param name="bias">(outputs), or null.</param>
    /// <param name="answer">(tokens, outputs).</param>
    /// <param name="outputs">Rows of the weight.</param>
    /// <param name="isNarrow">Whether the answer is of bfloat16.</param>
    public static RowTask Of(TokenRows x, Tensor weight, Tensor? bias, nint answer, int outputs, bool isNarrow) => new(x, answer, outputs)
    {
        Weight = MemoryRange.Start(weight),
        IsWeightNarrow = weight.dtype == ScalarType.BFloat16,
        Bias = bias is null ? 0 : MemoryRange.Start(bias),
        IsBiasNarrow = bias?.dtype == ScalarType.BFloat16,
        IsNarrow = isNarrow,
    };

    /// <summary>A product that is made by a weight itself.</summary>
    /// <param name="x">The tokens.</param>
    /// <param name="own">Writes the answers from one output to another, without the bias.</param>
    /// <param name="bias">(outputs), or null.</param>
    /// <param name="answer">(tokens, outputs).</param>
    public static RowTask Of(TokenRows x, Action<long, long> own, Tensor? bias, TokenRows answer) => new(x, answer.Address, answer.Width)
    {
        Own = own,
        Bias = bias is null ? 0 : MemoryRange.Start(bias),
        IsBiasNarrow = bias?.dtype == ScalarType.BFloat16,
    };

    /// <summary>What is added to a float32 answer: each <see cref="ThinRows.Suit"/>s.</summary>
    public void Add(ThinRows[] thin)
    {
        if (thin.Length == 0) return;
        branches = thin;
        foreach (var branch in branches) lowWidth += Whole(Ranks(branch));
        low = FloatBlock.Zeros((long)Tokens * lowWidth);
    }

    /// <summary>Whether anything is added.</summary>
    public bool HasBranches => branches.Length > 0;

    /// <summary>b of an output.</summary>
    public float BiasOf(long row)
    {
        if (Bias == 0) return 0;
        return IsBiasNarrow ? BFloat16.Widened(((ushort*)Bias)[row]) : ((float*)Bias)[row];
    }

    static int Ranks(ThinRows branch) => (int)FewRows.Size(branch.Down, 0);

    static int Whole(int ranks) => (ranks + Lanes.Count - 1) / Lanes.Count * Lanes.Count;

    /// <summary>One of several pieces of x Aᵀ · scale.</summary>
    public void Lower(int piece, int pieces)
    {
        float* to = low is null ? null : low.Start;
        foreach (var branch in branches)
        {
            int ranks = Ranks(branch), after = ranks * (piece + 1) / pieces;
            float* down = (float*)MemoryRange.Start(branch.Down);
            for (int rank = ranks * piece / pieces; rank < after; rank++) Lower(down + (long)rank * Inputs, to + rank, (float)branch.Scale);
            to += Whole(ranks);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Lower(float* down, float* to, float scale)
    {
        for (int token = 0; token < Tokens; token++, to += lowWidth)
        {
            float* given = X + (long)token * Inputs;
            Vector512<float> even = default, odd = default;
            int i = 0;
            for (; i + 2 * Lanes.Count <= Inputs; i += 2 * Lanes.Count)
            {
                even = Avx512F.FusedMultiplyAdd(Vector512.Load(down + i), Vector512.Load(given + i), even);
                odd = Avx512F.FusedMultiplyAdd(Vector512.Load(down + i + Lanes.Count), Vector512.Load(given + i + Lanes.Count), odd);
            }
            if (i < Inputs) even = Avx512F.FusedMultiplyAdd(Vector512.Load(down + i), Vector512.Load(given + i), even);
            *to = Vector512.Sum(even + odd) * scale;
        }
    }

    /// <summary>Adds what the branches make of it, once all is lowered, to the answers from one output to another.</summary>
    public void Spread(long first, long after)
    {
        float* lowered = low is null ? null : low.Start;
        foreach (var branch in branches)
        {
            int ranks = Ranks(branch);
            Spread((float*)MemoryRange.Start(branch.Up), ranks, lowered, first, after);
            lowered += Whole(ranks);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Spread(float* up, int ranks, float* lowered, long first, long after)
    {
        long row = first;
        for (; row + Rows <= after; row += Rows)
        {
            float* a = up + row * ranks, b = a + ranks, c = b + ranks, d = c + ranks;
            for (int token = 0; token < Tokens; token++)
            {
                float* given = lowered + (long)token * lowWidth, to = (float*)Answer + (long)token * Outputs + row;
                var sums = Lanes.Sums(Dot(a, given, ranks), Dot(b, given, ranks), Dot(c, given, ranks), Dot(d, given, ranks));
                (Vector128.Load(to) + sums).Store(to);
            }
        }
        for (; row < after; row++)
            for (int token = 0; token < Tokens; token++)
            {
                float* to = (float*)Answer + (long)token * Outputs + row;
                *to += Vector512.Sum(Dot(up + row * ranks, lowered + (long)token * lowWidth, ranks));
            }
    }

    // The last vector of B's row is cut; that of the low row is filled with zeros.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Dot(float* up, float* given, int ranks)
    {
        Vector512<float> sum = default;
        int rank = 0;
        for (; rank + Lanes.Count <= ranks; rank += Lanes.Count)
            sum = Avx512F.FusedMultiplyAdd(Vector512.Load(up + rank), Vector512.Load(given + rank), sum);
        if (rank == ranks) return sum;
        var isThere = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(ranks - rank)).AsSingle();
        return Avx512F.FusedMultiplyAdd(Avx512F.MaskLoad(up + rank, isThere, default), Vector512.Load(given + rank), sum);
    }

    /// <inheritdoc/>
    public void Dispose() => low?.Dispose();
}

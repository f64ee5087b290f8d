using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>What is done with one block of a butterfly's level on a <see cref="TokenPanel"/>: a block's channels are two runs of size/2,
/// which take turns in its matrix.</summary>
static unsafe class ButterflyBlock
{
    const int Tokens = TokenPanel.Tokens, Lane = Lanes.Count;

    /// <summary>The two runs.</summary>
    /// <param name="Even">First channel of the run that has the matrix's even places.</param>
    /// <param name="Odd">Of the other.</param>
    public readonly record struct Runs(nint Even, nint Odd)
    {
        /// <summary>Runs at a place of the panel, some channels apart.</summary>
        public static Runs At(float* panel, long even, long odd) => new((nint)(panel + even * Tokens), (nint)(panel + odd * Tokens));
    }

    /// <summary>to = R·from, or Rᵀ·from.</summary>
    /// <remarks>Two channels of all tokens at a time: eight sums, as many as the multipliers' delay asks for.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(Runs from, float* rotation, bool transposed, Runs to, int half)
    {
        var (row, column) = transposed ? (1, 2 * half) : (2 * half, 1);   // steps in R
        float* toEven = (float*)to.Even, toOdd = (float*)to.Odd;
        for (int i = 0; i < half; i++, toEven += Tokens, toOdd += Tokens)
        {
            float* evenRow = rotation + 2 * i * row, oddRow = evenRow + row;
            Vector512<float> e0 = default, e1 = default, e2 = default, e3 = default, o0 = default, o1 = default, o2 = default, o3 = default;
            for (int run = 0; run < 2; run++)
            {
                float* channel = (float*)(run == 0 ? from.Even : from.Odd);
                float* r = evenRow + run * column, s = oddRow + run * column;
                for (int place = 0; place < half; place++, channel += Tokens, r += 2 * column, s += 2 * column)
                {
                    var (e, o) = (Vector512.Create(*r), Vector512.Create(*s));
                    var (x0, x1) = (Vector512.Load(channel), Vector512.Load(channel + Lane));
                    var (x2, x3) = (Vector512.Load(channel + 2 * Lane), Vector512.Load(channel + 3 * Lane));
                    (e0, o0) = (Vector512.FusedMultiplyAdd(e, x0, e0), Vector512.FusedMultiplyAdd(o, x0, o0));
                    (e1, o1) = (Vector512.FusedMultiplyAdd(e, x1, e1), Vector512.FusedMultiplyAdd(o, x1, o1));
                    (e2, o2) = (Vector512.FusedMultiplyAdd(e, x2, e2), Vector512.FusedMultiplyAdd(o, x2, o2));
                    (e3, o3) = (Vector512.FusedMultiplyAdd(e, x3, e3), Vector512.FusedMultiplyAdd(o, x3, o3));
                }
            }
            Store(toEven, e0, e1, e2, e3);
            Store(toOdd, o0, o1, o2, o3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(float* channel, Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3)
    {
        x0.Store(channel);
        x1.Store(channel + Lane);
        x2.Store(channel + 2 * Lane);
        x3.Store(channel + 3 * Lane);
    }

    /// <summary>sums += Σ g yᵀ over the tokens, (size, size).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMoments(Runs gradient, Runs answer, float* sums, int half)
    {
        float* gEven = (float*)gradient.Even, gOdd = (float*)gradient.Odd;
        for (int i = 0; i < half; i++, gEven += Tokens, gOdd += Tokens, sums += 4 * half)
        {
            float* yEven = (float*)answer.Even, yOdd = (float*)answer.Odd;
            for (int j = 0; j < half / 2; j++, yEven += 2 * Tokens, yOdd += 2 * Tokens)
                AddFour(gEven, gOdd, yEven, yOdd, sums + 4 * j, sums + 4 * j + 2 * half);
            if (half % 2 != 0) AddTwo(gEven, gOdd, yEven, yOdd, sums + 2 * half - 2, sums + 4 * half - 2);
        }
    }

    // Two channels of g times four of y.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddFour(float* gEven, float* gOdd, float* yEven, float* yOdd, float* evenSums, float* oddSums)
    {
        Vector512<float> e0 = default, e1 = default, e2 = default, e3 = default, o0 = default, o1 = default, o2 = default, o3 = default;
        for (int token = 0; token < Tokens; token += Lane)
        {
            var (e, o) = (Vector512.Load(gEven + token), Vector512.Load(gOdd + token));
            var (y0, y1) = (Vector512.Load(yEven + token), Vector512.Load(yOdd + token));
            var (y2, y3) = (Vector512.Load(yEven + Tokens + token), Vector512.Load(yOdd + Tokens + token));
            (e0, o0) = (Vector512.FusedMultiplyAdd(e, y0, e0), Vector512.FusedMultiplyAdd(o, y0, o0));
            (e1, o1) = (Vector512.FusedMultiplyAdd(e, y1, e1), Vector512.FusedMultiplyAdd(o, y1, o1));
            (e2, o2) = (Vector512.FusedMultiplyAdd(e, y2, e2), Vector512.FusedMultiplyAdd(o, y2, o2));
            (e3, o3) = (Vector512.FusedMultiplyAdd(e, y3, e3), Vector512.FusedMultiplyAdd(o, y3, o3));
        }
        (Vector128.Load(evenSums) + Lanes.Sums(e0, e1, e2, e3)).Store(evenSums);
        (Vector128.Load(oddSums) + Lanes.Sums(o0, o1, o2, o3)).Store(oddSums);
    }

    // Two channels of g times two of y.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddTwo(float* gEven, float* gOdd, float* yEven, float* yOdd, float* evenSums, float* oddSums)
    {
        Vector512<float> e0 = default, e1 = default, o0 = default, o1 = default;
        for (int token = 0; token < Tokens; token += Lane)
        {
            var (e, o) = (Vector512.Load(gEven + token), Vector512.Load(gOdd + token));
            var (y0, y1) = (Vector512.Load(yEven + token), Vector512.Load(yOdd + token));
            (e0, o0) = (Vector512.FusedMultiplyAdd(e, y0, e0), Vector512.FusedMultiplyAdd(o, y0, o0));
            (e1, o1) = (Vector512.FusedMultiplyAdd(e, y1, e1), Vector512.FusedMultiplyAdd(o, y1, o1));
        }
        var sums = Lanes.Sums(e0, e1, o0, o1);
        (Vector64.Load(evenSums) + sums.GetLower()).Store(evenSums);
        (Vector64.Load(oddSums) + sums.GetUpper()).Store(oddSums);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;

namespace Lowrank.Torch;

/// <summary>Eight rows times a strip, the product that <see cref="ThinKernel"/> is made of: a strip is one to three vectors wide, so that
/// up to 24 sums stay in registers.</summary>
static unsafe class ThinTile
{
    /// <summary>Rows at a time.</summary>
    public const int Rows = 8;

    /// <summary>The most vectors of a strip, and the most numbers.</summary>
    public const int Widest = 3, Numbers = Widest * Lanes.Count;

    const int Lane = Lanes.Count;

    /// <summary>How many vectors the next strip has where so many are left: none is alone but where there is one.</summary>
    public static int Width(int vectors) => vectors switch { 1 => 1, 2 or 4 => 2, _ => Widest };

    /// <summary>sums (8, width) = or += rows (8, count) · strip (count, width).</summary>
    /// <param name="strip">Its rows follow each other.</param>
    /// <param name="width">In vectors.</param>
    /// <param name="rows">Of numbers that follow each other.</param>
    /// <param name="rowStep">From a row to the next.</param>
    /// <param name="count">Over how many is summed.</param>
    /// <param name="sums">The sums.</param>
    /// <param name="sumStep">From a row of them to the next.</param>
    /// <param name="isFirst">Whether there are no sums yet.</param>
    public static void Run(float* strip, int width, float* rows, long rowStep, int count, float* sums, long sumStep, bool isFirst)
    {
        switch (width)
        {
            case 1: One(strip, rows, rowStep, count, sums, sumStep, isFirst); break;
            case 2: Two(strip, rows, rowStep, count, sums, sumStep, isFirst); break;
            default: Three(strip, rows, rowStep, count, sums, sumStep, isFirst); break;
        }
    }

    /// <summary>The same of one row: sums of every fourth, which hide the multipliers' delay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunRow(float* strip, int width, float* row, int count, float* sums, bool isFirst)
    {
        int step = width * Lane;
        for (int vector = 0; vector < width; vector++, strip += Lane, sums += Lane)
        {
            Vector512<float> a = default, b = default, c = default, d = default;
            float* at = strip;
            int k = 0;
            for (; k <= count - 4; k += 4, at += 4 * step)
            {
                a = FusedMultiplyAdd(Vector512.Load(at), Vector512.Create(row[k]), a);
                b = FusedMultiplyAdd(Vector512.Load(at + step), Vector512.Create(row[k + 1]), b);
                c = FusedMultiplyAdd(Vector512.Load(at + 2 * step), Vector512.Create(row[k + 2]), c);
                d = FusedMultiplyAdd(Vector512.Load(at + 3 * step), Vector512.Create(row[k + 3]), d);
            }
            for (; k < count; k++, at += step) a = FusedMultiplyAdd(Vector512.Load(at), Vector512.Create(row[k]), a);
            Put(sums, a + b + (c + d), isFirst);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(float* strip, float* rows, long step, int count, float* sums, long sumStep, bool isFirst)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        float* r1 = rows + step, r2 = r1 + step, r3 = r2 + step, r4 = r3 + step, r5 = r4 + step, r6 = r5 + step, r7 = r6 + step;
        for (int k = 0; k < count; k++, strip += Lane)
        {
            var u = Vector512.Load(strip);
            a0 = FusedMultiplyAdd(u, Vector512.Create(rows[k]), a0);
            a1 = FusedMultiplyAdd(u, Vector512.Create(r1[k]), a1);
            a2 = FusedMultiplyAdd(u, Vector512.Create(r2[k]), a2);
            a3 = FusedMultiplyAdd(u, Vector512.Create(r3[k]), a3);
            a4 = FusedMultiplyAdd(u, Vector512.Create(r4[k]), a4);
            a5 = FusedMultiplyAdd(u, Vector512.Create(r5[k]), a5);
            a6 = FusedMultiplyAdd(u, Vector512.Create(r6[k]), a6);
            a7 = FusedMultiplyAdd(u, Vector512.Create(r7[k]), a7);
        }
        Put(sums, a0, isFirst);
        Put(sums + sumStep, a1, isFirst);
        Put(sums + 2 * sumStep, a2, isFirst);
        Put(sums + 3 * sumStep, a3, isFirst);
        Put(sums + 4 * sumStep, a4, isFirst);
        Put(sums + 5 * sumStep, a5, isFirst);
        Put(sums + 6 * sumStep, a6, isFirst);
        Put(sums + 7 * sumStep, a7, isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Two(float* strip, float* rows, long step, int count, float* sums, long sumStep, bool isFirst)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        float* r1 = rows + step, r2 = r1 + step, r3 = r2 + step, r4 = r3 + step, r5 = r4 + step, r6 = r5 + step, r7 = r6 + step;
        for (int k = 0; k < count; k++, strip += 2 * Lane)
        {
            var (u, v) = (Vector512.Load(strip), Vector512.Load(strip + Lane));
            var (x0, x1) = (Vector512.Create(rows[k]), Vector512.Create(r1[k]));
            (a0, b0) = (FusedMultiplyAdd(u, x0, a0), FusedMultiplyAdd(v, x0, b0));
            (a1, b1) = (FusedMultiplyAdd(u, x1, a1), FusedMultiplyAdd(v, x1, b1));
            var (x2, x3) = (Vector512.Create(r2[k]), Vector512.Create(r3[k]));
            (a2, b2) = (FusedMultiplyAdd(u, x2, a2), FusedMultiplyAdd(v, x2, b2));
            (a3, b3) = (FusedMultiplyAdd(u, x3, a3), FusedMultiplyAdd(v, x3, b3));
            var (x4, x5) = (Vector512.Create(r4[k]), Vector512.Create(r5[k]));
            (a4, b4) = (FusedMultiplyAdd(u, x4, a4), FusedMultiplyAdd(v, x4, b4));
            (a5, b5) = (FusedMultiplyAdd(u, x5, a5), FusedMultiplyAdd(v, x5, b5));
            var (x6, x7) = (Vector512.Create(r6[k]), Vector512.Create(r7[k]));
            (a6, b6) = (FusedMultiplyAdd(u, x6, a6), FusedMultiplyAdd(v, x6, b6));
            (a7, b7) = (FusedMultiplyAdd(u, x7, a7), FusedMultiplyAdd(v, x7, b7));
        }
        Put(sums, a0, b0, isFirst);
        Put(sums + sumStep, a1, b1, isFirst);
        Put(sums + 2 * sumStep, a2, b2, isFirst);
        Put(sums + 3 * sumStep, a3, b3, isFirst);
        Put(sums + 4 * sumStep, a4, b4, isFirst);
        Put(sums + 5 * sumStep, a5, b5, isFirst);
        Put(sums + 6 * sumStep, a6, b6, isFirst);
        Put(sums + 7 * sumStep, a7, b7, isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Three(float* strip, float* rows, long step, int count, float* sums, long sumStep, bool isFirst)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        float* r1 = rows + step, r2 = r1 + step, r3 = r2 + step, r4 = r3 + step, r5 = r4 + step, r6 = r5 + step, r7 = r6 + step;
        for (int k = 0; k < count; k++, strip += 3 * Lane)
        {
            var (u, v, w) = (Vector512.Load(strip), Vector512.Load(strip + Lane), Vector512.Load(strip + 2 * Lane));
            var x = Vector512.Create(rows[k]);
            (a0, b0, c0) = (FusedMultiplyAdd(u, x, a0), FusedMultiplyAdd(v, x, b0), FusedMultiplyAdd(w, x, c0));
            x = Vector512.Create(r1[k]);
            (a1, b1, c1) = (FusedMultiplyAdd(u, x, a1), FusedMultiplyAdd(v, x, b1), FusedMultiplyAdd(w, x, c1));
            x = Vector512.Create(r2[k]);
            (a2, b2, c2) = (FusedMultiplyAdd(u, x, a2), FusedMultiplyAdd(v, x, b2), FusedMultiplyAdd(w, x, c2));
            x = Vector512.Create(r3[k]);
            (a3, b3, c3) = (FusedMultiplyAdd(u, x, a3), FusedMultiplyAdd(v, x, b3), FusedMultiplyAdd(w, x, c3));
            x = Vector512.Create(r4[k]);
            (a4, b4, c4) = (FusedMultiplyAdd(u, x, a4), FusedMultiplyAdd(v, x, b4), FusedMultiplyAdd(w, x, c4));
            x = Vector512.Create(r5[k]);
            (a5, b5, c5) = (FusedMultiplyAdd(u, x, a5), FusedMultiplyAdd(v, x, b5), FusedMultiplyAdd(w, x, c5));
            x = Vector512.Create(r6[k]);
            (a6, b6, c6) = (FusedMultiplyAdd(u, x, a6), FusedMultiplyAdd(v, x, b6), FusedMultiplyAdd(w, x, c6));
            x = Vector512.Create(r7[k]);
            (a7, b7, c7) = (FusedMultiplyAdd(u, x, a7), FusedMultiplyAdd(v, x, b7), FusedMultiplyAdd(w, x, c7));
        }
        Put(sums, a0, b0, c0, isFirst);
        Put(sums + sumStep, a1, b1, c1, isFirst);
        Put(sums + 2 * sumStep, a2, b2, c2, isFirst);
        Put(sums + 3 * sumStep, a3, b3, c3, isFirst);
        Put(sums + 4 * sumStep, a4, b4, c4, isFirst);
        Put(sums + 5 * sumStep, a5, b5, c5, isFirst);
        Put(sums + 6 * sumStep, a6, b6, c6, isFirst);
        Put(sums + 7 * sumStep, a7, b7, c7, isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* sums, Vector512<float> a, bool isFirst) => (isFirst ? a : a + Vector512.Load(sums)).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* sums, Vector512<float> a, Vector512<float> b, bool isFirst)
    {
        Put(sums, a, isFirst);
        Put(sums + Lane, b, isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* sums, Vector512<float> a, Vector512<float> b, Vector512<float> c, bool isFirst)
    {
        Put(sums, a, b, isFirst);
        Put(sums + 2 * Lane, c, isFirst);
    }
}

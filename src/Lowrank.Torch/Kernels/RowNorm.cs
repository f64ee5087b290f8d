using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Torch;

/// <summary>A norm by root mean squares of few rows in one pass, where libtorch takes six operators.</summary>
static unsafe class RowNorm
{
    const int Lane = Lanes.Count;

    /// <summary>Whether it takes rows like these, with nothing to record.</summary>
    public static bool Suits(Tensor x, Tensor weight)
    {
        if (!Lanes.AreSupported || x.numel() is 0 or > FewRows.MostNumbers) return false;
        bool fits = weight.shape is [var width] && width % Lane == 0 && x.shape[^1] == width;
        return fits && FewRows.IsPlain(x) && FewRows.IsPlain(weight) && !FewRows.AreRecorded(x, weight);
    }

    /// <summary>x / √(mean(x²) + eps) · (offset + weight); without an offset quotient and weight are rounded to x's dtype first.</summary>
    public static Tensor Run(Tensor x, Tensor weight, double eps, double offset)
    {
        var answer = empty_like(x);
        int width = (int)weight.shape[0];
        long rows = x.numel() / width;
        bool isNarrow = x.dtype == ScalarType.BFloat16, hasNarrowWeight = weight.dtype == ScalarType.BFloat16;
        int size = isNarrow ? sizeof(ushort) : sizeof(float);
        var (from, to, scales) = (MemoryRange.Start(x), MemoryRange.Start(answer), MemoryRange.Start(weight));
        for (long row = 0; row < rows; row++)
        {
            nint step = (nint)(row * width * size);
            Row(from + step, to + step, scales, width, isNarrow, hasNarrowWeight, eps, (float)offset);
        }
        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        return answer;
    }

    /// <summary>The same of states in float32, of which each is one vector or several of so many numbers.</summary>
    public static void Run(TokenRows x, Tensor weight, int width, double eps, double offset, TokenRows answer)
    {
        nint scales = MemoryRange.Start(weight);
        bool hasNarrowWeight = weight.dtype == ScalarType.BFloat16;
        long vectors = (long)x.Count * x.Width / width;
        for (long vector = 0; vector < vectors; vector++)
        {
            nint step = (nint)(vector * width * sizeof(float));
            Row(x.Address + step, answer.Address + step, scales, width, false, hasNarrowWeight, eps, (float)offset);
        }
        GC.KeepAlive(weight);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Row(nint x, nint answer, nint weight, int width, bool isNarrow, bool hasNarrowWeight, double eps, float offset)
    {
        var squares = Vector512<float>.Zero;
        for (int i = 0; i < width; i += Lane)
        {
            var given = Load(x, i, isNarrow);
            squares = Avx512F.FusedMultiplyAdd(given, given, squares);
        }
        var scale = Vector512.Create((float)(1 / Math.Sqrt(Vector512.Sum(squares) / (double)width + eps)));
        var added = Vector512.Create(offset);
        for (int i = 0; i < width; i += Lane)
        {
            var normed = Load(x, i, isNarrow) * scale;
            var scales = Load(weight, i, hasNarrowWeight);
            if (isNarrow && offset == 0) (normed, scales) = (Rounded(normed), hasNarrowWeight ? scales : Rounded(scales));
            var scaled = normed * (scales + added);
            if (isNarrow) Lanes.Store((ushort*)answer + i, scaled);
            else Lanes.Store((float*)answer + i, scaled);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Load(nint from, int place, bool isNarrow) =>
        isNarrow ? Lanes.Load((ushort*)from + place) : Lanes.Load((float*)from + place);

    // To bfloat16 and back.
    static Vector512<float> Rounded(Vector512<float> values)
    {
        ushort* room = stackalloc ushort[Lane];
        Lanes.Store(room, values);
        return Lanes.Load(room);
    }
}

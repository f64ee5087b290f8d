using System.Runtime.CompilerServices;

namespace Lowrank.Torch;

/// <summary>Turns of few heads in one pass, where libtorch takes seven operators.</summary>
static unsafe class RowTurn
{
    /// <summary>Whether it takes heads (B, T, H, D) and angles (B or 1, T, 1, r) like these, with nothing to record.</summary>
    public static bool Suits(Tensor x, Tensor cos, Tensor sin)
    {
        bool areWide = cos.dtype == ScalarType.Float32 && sin.dtype == ScalarType.Float32;
        if (OwnRoads.AreClosed || !areWide || x.numel() is 0 or > FewRows.MostNumbers) return false;
        long[] angles = cos.shape;
        bool fits = x.shape is [var batch, var tokens, _, var width] && angles is [var rows, var places, 1, var half]
            && (rows == batch || rows == 1) && places == tokens && 2 * half <= width && angles.AsSpan().SequenceEqual(sin.shape);
        return fits && FewRows.IsPlain(x) && FewRows.IsPlain(cos) && FewRows.IsPlain(sin) && !FewRows.AreRecorded(x);
    }

    /// <summary>Number i turned with number i + r, or neighbours with each other; those beyond 2r stay.</summary>
    public static Tensor Run(Tensor x, Tensor cos, Tensor sin, bool inPairs)
    {
        var answer = empty_like(x);
        long[] shape = x.shape;
        int heads = (int)shape[2], width = (int)shape[3], half = (int)cos.shape[^1];
        long places = shape[0] * shape[1], angles = cos.shape[0] * cos.shape[1];
        var (from, to) = (MemoryRange.Start(x), MemoryRange.Start(answer));
        float* c = (float*)MemoryRange.Start(cos), s = (float*)MemoryRange.Start(sin);
        for (long place = 0; place < places; place++)
            for (int head = 0; head < heads; head++)
            {
                long start = (place * heads + head) * width, angle = place % angles * half;
                if (x.dtype == ScalarType.Float32)
                    Wide((float*)from + start, (float*)to + start, c + angle, s + angle, half, width, inPairs);
                else Narrow((ushort*)from + start, (ushort*)to + start, c + angle, s + angle, half, width, inPairs);
            }
        GC.KeepAlive(x);
        GC.KeepAlive(cos);
        GC.KeepAlive(sin);
        return answer;
    }

    /// <summary>Turns one head where it lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InPlace(float* x, float* cos, float* sin, int half, bool inPairs)
    {
        int step = inPairs ? 2 : 1, apart = inPairs ? 1 : half;
        for (int i = 0; i < half; i++)
        {
            int first = i * step, second = first + apart;
            (x[first], x[second]) = (x[first] * cos[i] - x[second] * sin[i], x[second] * cos[i] + x[first] * sin[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Wide(float* x, float* answer, float* cos, float* sin, int half, int width, bool inPairs)
    {
        int step = inPairs ? 2 : 1, apart = inPairs ? 1 : half;
        for (int i = 0; i < half; i++)
        {
            int first = i * step, second = first + apart;
            answer[first] = x[first] * cos[i] - x[second] * sin[i];
            answer[second] = x[second] * cos[i] + x[first] * sin[i];
        }
        for (int i = 2 * half; i < width; i++) answer[i] = x[i];
    }

    static void Narrow(ushort* x, ushort* answer, float* cos, float* sin, int half, int width, bool inPairs)
    {
        float* given = stackalloc float[width];
        float* turned = stackalloc float[width];
        for (int i = 0; i < width; i++) given[i] = BFloat16.Widened(x[i]);
        Wide(given, turned, cos, sin, half, width, inPairs);
        for (int i = 0; i < width; i++) answer[i] = BFloat16.Rounded(turned[i]);
    }
}

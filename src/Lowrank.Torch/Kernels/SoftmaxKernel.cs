using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Torch;

/// <summary>The softmax of attention's scores in bfloat16, in place: each row is widened once, and its powers are as exact as what is kept
/// of them, where libtorch computes them to float32's last bit.</summary>
static unsafe class SoftmaxKernel
{
    const int Lane = Lanes.Count;

    // From here on a second thread gains more than its beginning takes.
    const long Shared = 1 << 18;

    /// <summary>Whether it takes scores like these, contiguous, whose rows are whole vectors.</summary>
    public static bool Suits(Tensor x) =>
        Lanes.AreSupported && x.device_type == DeviceType.CPU && x.dtype == ScalarType.BFloat16;

    /// <summary>scores = softmax(scale · scores) over the last axis.</summary>
    /// <param name="scores">(..., width), contiguous; the width is a multiple of 16.</param>
    /// <param name="keys">How many of a row count; those behind are 0 in the answer.</param>
    /// <param name="scale">Above 0.</param>
    /// <param name="threads">How many may work on it.</param>
    public static void Run(Tensor scores, long keys, double scale, int threads)
    {
        long width = scores.shape[^1], rows = scores.numel() / width;
        var first = (ushort*)MemoryRange.Start(scores);
        if (scores.numel() < Shared) threads = 1;
        Shares.Run(rows, (int)Math.Min(threads, rows), (_, from, after) =>
        {
            using var room = new FloatBlock(width);
            for (long row = from; row < after; row++) Row(first + row * width, room.Start, (int)width, (int)keys, (float)scale);
        });
        GC.KeepAlive(scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Row(ushort* row, float* wide, int width, int keys, float scale)
    {
        var least = Vector512.Create(float.NegativeInfinity);
        Vector512<float> most = least, sum = default;
        for (int i = 0; i < width; i += Lane) Lanes.Load(row + i).Store(wide + i);
        for (int i = keys; i < width; i++) wide[i] = float.NegativeInfinity;
        for (int i = 0; i < width; i += Lane) most = Avx512F.Max(most, Vector512.Load(wide + i));

        const float Log2E = 1.44269504f;
        var factor = Vector512.Create(scale * Log2E);
        var offset = Vector512.Create(-Largest(most)) * factor;
        for (int i = 0; i < width; i += Lane)
        {
            var power = PowerOfTwo(Avx512F.FusedMultiplyAdd(Vector512.Load(wide + i), factor, offset));
            power.Store(wide + i);
            sum += power;
        }

        var share = Vector512.Create(1 / Vector512.Sum(sum));
        for (int i = 0; i < width; i += Lane) Lanes.Store(row + i, Vector512.Load(wide + i) * share);
    }

    static float Largest(Vector512<float> values)
    {
        float largest = values[0];
        for (int i = 1; i < Lane; i++) largest = Math.Max(largest, values[i]);
        return largest;
    }

    // 2 to the whole part, times Taylor's polynomial for what is left, at most 1/2: off by 3e-6 of itself. NaN stays NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> PowerOfTwo(Vector512<float> x)
    {
        const float Nothing = -150;   // 2 to that is 0
        x = Avx512F.Max(Vector512.Create(Nothing), x);
        var whole = Avx512F.RoundScale(x, 0);
        var rest = x - whole;
        var sum = Avx512F.FusedMultiplyAdd(Vector512.Create(0.0013333558f), rest, Vector512.Create(0.0096181291f));
        sum = Avx512F.FusedMultiplyAdd(sum, rest, Vector512.Create(0.055504109f));
        sum = Avx512F.FusedMultiplyAdd(sum, rest, Vector512.Create(0.24022651f));
        sum = Avx512F.FusedMultiplyAdd(sum, rest, Vector512.Create(0.69314718f));
        sum = Avx512F.FusedMultiplyAdd(sum, rest, Vector512<float>.One);
        return Avx512F.Scale(sum, whole);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>x / (1 + exp(-x)) · other of few rows in one pass.</summary>
static unsafe class RowGate
{
    /// <summary>Into x's place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* x, float* other, long count)
    {
        long i = 0;
        for (; i + Lanes.Count <= count; i += Lanes.Count)
        {
            var given = Vector512.Load(x + i);
            (given / (Vector512<float>.One + Vector512.Exp(-given)) * Vector512.Load(other + i)).Store(x + i);
        }
        for (; i < count; i++) x[i] = x[i] / (1 + MathF.Exp(-x[i])) * other[i];
    }
}

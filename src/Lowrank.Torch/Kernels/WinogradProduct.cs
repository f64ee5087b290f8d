using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>The products of Winograd's convolution at one point: some output channels, some tiles, summed over some channels.</summary>
static unsafe class WinogradProduct
{
    /// <summary>Output channels at a time: two vectors.</summary>
    public const int Outputs = 2 * Lanes.Count;

    /// <summary>Tiles at a time: with two vectors of outputs sixteen sums, which hide the multipliers' delay and stay in
    /// registers.</summary>
    public const int Tiles = 8;

    /// <summary>Numbers from a tile to the next: the most channels at a time. Their weights at a point fit the first cache.</summary>
    public const int Channels = 64;

    const int Lane = Lanes.Count;

    /// <summary>sums (8 tiles, 32 outputs) = or += tiles (8, 64) · weights (channels, 32).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* weights, float* tiles, float* sums, int channels, bool isFirst)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        for (int channel = 0; channel < channels; channel++, weights += WinogradShape.ChannelStep, tiles++)
        {
            var (u, w) = (Vector512.Load(weights), Vector512.Load(weights + Lane));
            var (t0, t1) = (Vector512.Create(*tiles), Vector512.Create(tiles[Channels]));
            (a0, b0) = (Vector512.FusedMultiplyAdd(u, t0, a0), Vector512.FusedMultiplyAdd(w, t0, b0));
            (a1, b1) = (Vector512.FusedMultiplyAdd(u, t1, a1), Vector512.FusedMultiplyAdd(w, t1, b1));
            var (t2, t3) = (Vector512.Create(tiles[2 * Channels]), Vector512.Create(tiles[3 * Channels]));
            (a2, b2) = (Vector512.FusedMultiplyAdd(u, t2, a2), Vector512.FusedMultiplyAdd(w, t2, b2));
            (a3, b3) = (Vector512.FusedMultiplyAdd(u, t3, a3), Vector512.FusedMultiplyAdd(w, t3, b3));
            var (t4, t5) = (Vector512.Create(tiles[4 * Channels]), Vector512.Create(tiles[5 * Channels]));
            (a4, b4) = (Vector512.FusedMultiplyAdd(u, t4, a4), Vector512.FusedMultiplyAdd(w, t4, b4));
            (a5, b5) = (Vector512.FusedMultiplyAdd(u, t5, a5), Vector512.FusedMultiplyAdd(w, t5, b5));
            var (t6, t7) = (Vector512.Create(tiles[6 * Channels]), Vector512.Create(tiles[7 * Channels]));
            (a6, b6) = (Vector512.FusedMultiplyAdd(u, t6, a6), Vector512.FusedMultiplyAdd(w, t6, b6));
            (a7, b7) = (Vector512.FusedMultiplyAdd(u, t7, a7), Vector512.FusedMultiplyAdd(w, t7, b7));
        }
        Put(sums, a0, b0, isFirst);
        Put(sums + Outputs, a1, b1, isFirst);
        Put(sums + 2 * Outputs, a2, b2, isFirst);
        Put(sums + 3 * Outputs, a3, b3, isFirst);
        Put(sums + 4 * Outputs, a4, b4, isFirst);
        Put(sums + 5 * Outputs, a5, b5, isFirst);
        Put(sums + 6 * Outputs, a6, b6, isFirst);
        Put(sums + 7 * Outputs, a7, b7, isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(float* sums, Vector512<float> a, Vector512<float> b, bool isFirst)
    {
        if (!isFirst) (a, b) = (a + Vector512.Load(sums), b + Vector512.Load(sums + Lane));
        a.Store(sums);
        b.Store(sums + Lane);
    }
}

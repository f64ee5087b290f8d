using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Lowrank.Torch;

/// <summary>From weights (K, C, 3, 3) to kernels at points, (64 channels, points, 32 outputs).</summary>
static unsafe class WinogradWeights
{
    const int Lane = Lanes.Count, Taps = 9, Together = 2 * Lane;   // channels: their taps fill whole squares in bfloat16 too

    /// <summary>Numbers of room that <see cref="Fill"/> works in.</summary>
    public const long Room = (Together * Taps + Lane) * Lane;

    /// <summary>Fills the kernels of 32 outputs and some channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill<T>(WinogradShape shape, T* weights, int output, int channel, int channels, float* kernels, float* room)
        where T : unmanaged
    {
        long row = (long)shape.Channels * Taps;
        for (int half = 0; half < WinogradProduct.Outputs; half += Lane)
            for (int first = 0; first < channels; first += Together)
            {
                T* from = weights + (output + half) * row + (long)(channel + first) * Taps;
                int count = Math.Min(Together, channels - first);
                if (typeof(T) == typeof(float)) Turn((float*)from, row, count * Taps, room);
                else if (count == Together) TurnPairs((uint*)from, row, room);
                else Turn((ushort*)from, row, count * Taps, room);
                for (int i = 0; i < count; i++)
                {
                    float* points = kernels + (first + i) * WinogradShape.ChannelStep + half;
                    WinogradTransforms.OfKernel(room + i * Taps * Lane, points, WinogradShape.WeightStep);
                }
            }
    }

    /// <summary>Brings the weights that come next nearer, while others are multiplied.</summary>
    public static void Fetch<T>(WinogradShape shape, T* weights, int output, int channel) where T : unmanaged
    {
        const int CacheLine = 64;
        if (channel >= shape.Channels) (output, channel) = (output + WinogradProduct.Outputs, 0);
        if (output >= shape.Outputs) return;
        int channels = Math.Min(WinogradProduct.Channels, shape.Channels - channel), bytes = channels * Taps * sizeof(T);
        for (int i = 0; i < WinogradProduct.Outputs; i++)
        {
            byte* from = (byte*)(weights + ((long)(output + i) * shape.Channels + channel) * Taps);
            for (int at = 0; at < bytes; at += CacheLine) Sse.Prefetch1(from + at);
        }
    }

    // Sixteen outputs' taps, each tap's beside each other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Turn<T>(T* from, long row, int taps, float* to) where T : unmanaged
    {
        for (int tap = 0; tap < taps; tap += Lane)
        {
            var square = (Vector512<float>*)to + tap;
            for (int i = 0; i < Lane; i++) square[i] = Lanes.Load(from + i * row + tap);
            Lanes.Transpose(square);
        }
    }

    // The same for bfloat16: two taps are turned as one number, and then taken apart.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TurnPairs(uint* from, long row, float* to)
    {
        const int Pairs = Together * Taps / 2;
        var square = (Vector512<float>*)to + 2 * Pairs;
        for (int pair = 0; pair < Pairs; pair += Lane)
        {
            for (int i = 0; i < Lane; i++) square[i] = Vector512.Load(from + i * row / 2 + pair).AsSingle();
            Lanes.Transpose(square);
            for (int i = 0; i < Lane; i++)
            {
                var both = square[i].AsUInt32();
                (both << 16).Store((uint*)(to + 2 * (pair + i) * Lane));
                (both & Vector512.Create(0xffff0000u)).Store((uint*)(to + (2 * (pair + i) + 1) * Lane));
            }
        }
    }
}

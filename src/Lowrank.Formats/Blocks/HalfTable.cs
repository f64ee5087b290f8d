using System.Runtime.InteropServices;

namespace Lowrank.Formats;

/// <summary>All halves as floats, by their bits: a product over blocks looks a scale up in a third of the time that it takes to make
/// it.</summary>
/// <remarks>The scales of a weight lie close together, so that the places that are asked for stay in the caches.</remarks>
static unsafe class HalfTable
{
    /// <summary>The float of half 0, and so on.</summary>
    internal static float* Start { get; } = Made();

    static float* Made()
    {
        const int Count = 1 << 16, CacheLine = 64;
        float* floats = (float*)NativeMemory.AlignedAlloc(Count * sizeof(float), CacheLine);
        for (int bits = 0; bits < Count; bits++) floats[bits] = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
        return floats;
    }
}

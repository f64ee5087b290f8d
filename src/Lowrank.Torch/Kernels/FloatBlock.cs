using System.Numerics;
using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>Aligned memory of our own for float32 numbers, undefined at first.</summary>
sealed unsafe class FloatBlock(long count) : IDisposable
{
    const int Alignment = 64;   // a cache line, and a vector's width

    nint start = (nint)NativeMemory.AlignedAlloc((nuint)(count * sizeof(float)), Alignment);

    /// <summary>Address of the first.</summary>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    public float* Start => start != 0
        ? (float*)start
        : throw new ObjectDisposedException(nameof(FloatBlock), "memory of numbers is asked for after it was freed");

    /// <summary>The same, of zeros.</summary>
    public static FloatBlock Zeros(long count)
    {
        var block = new FloatBlock(count);
        NativeMemory.Clear(block.Start, (nuint)(count * sizeof(float)));
        return block;
    }

    /// <summary>Adds the numbers to as many others.</summary>
    public void AddTo(float* others)
    {
        float* own = Start;
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            (Vector.Load(others + i) + Vector.Load(own + i)).Store(others + i);
        for (; i < count; i++) others[i] += own[i];
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree((void*)Interlocked.Exchange(ref start, 0));
}

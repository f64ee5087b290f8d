using System.Buffers;

namespace Lowrank.Language;

/// <summary>Room for a row of numbers, given back where its block ends.</summary>
readonly ref struct Rented
{
    readonly float[] array;

    internal Rented(int length)
    {
        array = ArrayPool<float>.Shared.Rent(length);
        Span = array.AsSpan(0, length);
    }

    internal Span<float> Span { get; }

    internal void Dispose() => ArrayPool<float>.Shared.Return(array);
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace Lowrank.Models;

/// <summary>How many values of a tensor a change was to reach, and how many of them are others in the dtype that is written.</summary>
/// <param name="Wanted">Values that differ in float32 or wider.</param>
/// <param name="Kept">Those that differ in the dtype written.</param>
readonly record struct ChangedValues(long Wanted, long Kept)
{
    // A piece for a thread: a few megabytes, which a span holds.
    const long PieceValues = 1 << 20;

    const float TwoTo112 = 5.1922968585348276e33f;

    /// <summary>Counts them.</summary>
    /// <param name="before">The values before, in the dtype stored.</param>
    /// <param name="wide">Those of now, in float32 or wider.</param>
    /// <param name="after">Those of now in the dtype written.</param>
    public static ChangedValues Count(Tensor before, Tensor wide, Tensor after)
    {
        using var scope = NewDisposeScope();
        bool isHalf = before.dtype is ScalarType.Float16 or ScalarType.BFloat16 && after.dtype == before.dtype;
        if (isHalf && wide.dtype == ScalarType.Float32) return CountHalves(Flat(before), Flat(wide), Flat(after));
        long wanted = before.to(wide.dtype).ne(wide).count_nonzero().ToInt64();
        if (wanted == 0) return new(0, 0);
        return new(wanted, before.to(after.dtype).ne(after).count_nonzero().ToInt64());
    }

    static Tensor Flat(Tensor values) => values.detach().contiguous().view(-1);

    // In one pass: comparing and counting by libtorch's operators took as long as all else that is done for a merged weight.
    static ChangedValues CountHalves(Tensor before, Tensor wide, Tensor after)
    {
        long count = before.numel(), wanted = 0, kept = 0;
        bool isBrain = before.dtype == ScalarType.BFloat16;
        var threads = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, get_num_threads()) };
        Parallel.For(0, (count + PieceValues - 1) / PieceValues, threads, piece =>
        {
            using var scope = NewDisposeScope();
            long start = piece * PieceValues, length = Math.Min(PieceValues, count - start);
            var found = Count(
                Piece<ushort>(before, start, length), Piece<float>(wide, start, length), Piece<ushort>(after, start, length), isBrain);
            Interlocked.Add(ref wanted, found.Wanted);
            Interlocked.Add(ref kept, found.Kept);
        });
        return new(wanted, kept);
    }

    static ReadOnlySpan<T> Piece<T>(Tensor values, long start, long length) where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(values.narrow(0, start, length).bytes);

    static ChangedValues Count(ReadOnlySpan<ushort> before, ReadOnlySpan<float> wide, ReadOnlySpan<ushort> after, bool isBrain)
    {
        // As many steps as 16 bits count.
        int step = Vector<ushort>.Count, most = step * ushort.MaxValue, at = 0;
        long wanted = 0, kept = 0;
        while (before.Length - at >= step)
        {
            int end = at + Math.Min(most, (before.Length - at) / step * step);
            Vector<ushort> ofKept = default;
            Vector<int> same = default;
            for (; at < end; at += step)
            {
                Vector<ushort> old = new(before[at..]), now = new(after[at..]);
                // Zeros of both signs are one value.
                var isEqual = Vector.Equals(old, now) | Vector.Equals((old | now) & new Vector<ushort>(0x7fff), Vector<ushort>.Zero);
                ofKept += ~isEqual & Vector<ushort>.One;
                Vector.Widen(old, out var low, out var high);
                same -= Vector.Equals(Widened(low, isBrain), new Vector<float>(wide[at..]));
                same -= Vector.Equals(Widened(high, isBrain), new Vector<float>(wide[(at + Vector<float>.Count)..]));
            }
            Vector.Widen(ofKept, out var lowKept, out var highKept);
            kept += Vector.Sum(lowKept + highKept);
            wanted -= Vector.Sum(same);
        }
        wanted += at;
        for (; at < before.Length; at++)
        {
            var (old, now) = isBrain
                ? (BitConverter.UInt32BitsToSingle((uint)before[at] << 16), BitConverter.UInt32BitsToSingle((uint)after[at] << 16))
                : ((float)BitConverter.UInt16BitsToHalf(before[at]), (float)BitConverter.UInt16BitsToHalf(after[at]));
            if (old != wide[at]) wanted++;
            if (old != now) kept++;
        }
        return new(wanted, kept);
    }

    // The 16 bits of finite values as float32. float16: its exponent in float32's place is 112 too small.
    static Vector<float> Widened(Vector<uint> bits, bool isBrain)
    {
        if (isBrain) return Vector.AsVectorSingle(bits << 16);
        var size = Vector.AsVectorSingle((bits & new Vector<uint>(0x7fff)) << 13) * new Vector<float>(TwoTo112);
        return Vector.AsVectorSingle(Vector.AsVectorUInt32(size) | (bits & new Vector<uint>(0x8000)) << 16);
    }
}

using System.Buffers.Binary;

namespace Lowrank.Formats;

/// <summary>numpy's description of an element type. Pickles build it in two steps, the byte order second.</summary>
sealed record NumpyDtype(string Code)
{
    internal bool IsBigEndian { get; set; }
}

/// <summary>Single numbers of numpy's, which trainers leave in checkpoints: a best loss, a count of steps.</summary>
static class NumpyScalar
{
    /// <summary>The number as long, double or bool.</summary>
    /// <exception cref="ArgumentException">Another type, or bytes that do not fit it.</exception>
    internal static object Value(NumpyDtype dtype, byte[] bytes)
    {
        if (dtype.IsBigEndian) throw new ArgumentException("a number of numpy's is in big-endian order, which is not read");
        return (dtype.Code, bytes.Length) switch
        {
            ("f8", 8) => (object)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ("f2", 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            ("i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ("b1", 1) => bytes[0] != 0,
            _ => throw new ArgumentException($"a number of numpy's is of type {dtype.Code} in {bytes.Length} bytes, which is not read"),
        };
    }
}

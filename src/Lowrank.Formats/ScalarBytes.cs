using System.Buffers.Binary;

namespace Lowrank.Formats;

/// <summary>One element as a number, without libtorch.</summary>
static class ScalarBytes
{
    /// <summary>Reads the next element of <paramref name="data"/>.</summary>
    internal static double Read(Stream data, TensorDtype dtype)
    {
        Span<byte> bytes = stackalloc byte[dtype.Size()];
        data.ReadExactly(bytes);
        return dtype switch
        {
            TensorDtype.F64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            TensorDtype.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            TensorDtype.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            TensorDtype.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
            TensorDtype.F8_E4M3 or TensorDtype.F8_E5M2 => Float8.Table(dtype)[bytes[0]],
            TensorDtype.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            TensorDtype.U64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            TensorDtype.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            TensorDtype.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            TensorDtype.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            TensorDtype.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            TensorDtype.I8 => (sbyte)bytes[0],
            TensorDtype.BOOL => bytes[0] == 0 ? 0 : 1,
            _ => bytes[0],
        };
    }
}

namespace Lowrank.Formats;

/// <summary>What is known of each <see cref="TensorDtype"/>: its size, and libtorch's type for it.</summary>
public static class TensorDtypes
{
    // libtorch's numbers for types that TorchSharp's enum does not name; tensors of them can be made, filled and cast.
    const ScalarType Float8E5M2 = (ScalarType)23, Float8E4M3 = (ScalarType)24, UInt16 = (ScalarType)27, UInt32 = (ScalarType)28, UInt64 = (ScalarType)29;

    static readonly (TensorDtype Dtype, int Size, ScalarType Scalar)[] table =
    [
        (TensorDtype.BOOL, 1, ScalarType.Bool),
        (TensorDtype.U8, 1, ScalarType.Byte),
        (TensorDtype.I8, 1, ScalarType.Int8),
        (TensorDtype.F8_E5M2, 1, Float8E5M2),
        (TensorDtype.F8_E4M3, 1, Float8E4M3),
        (TensorDtype.I16, 2, ScalarType.Int16),
        (TensorDtype.U16, 2, UInt16),
        (TensorDtype.F16, 2, ScalarType.Float16),
        (TensorDtype.BF16, 2, ScalarType.BFloat16),
        (TensorDtype.I32, 4, ScalarType.Int32),
        (TensorDtype.U32, 4, UInt32),
        (TensorDtype.F32, 4, ScalarType.Float32),
        (TensorDtype.F64, 8, ScalarType.Float64),
        (TensorDtype.I64, 8, ScalarType.Int64),
        (TensorDtype.U64, 8, UInt64),
    ];

    /// <summary>Bytes of one element.</summary>
    public static int Size(this TensorDtype dtype) => table[(int)dtype].Size;

    /// <summary>Bytes of one element once it is read.</summary>
    internal static int SizeInMemory(this TensorDtype dtype) => dtype.IsFloat8() ? sizeof(float) : dtype.Size();

    /// <summary>Bytes of that many elements; null where 63 bits cannot count them.</summary>
    internal static long? BytesOf(this TensorDtype dtype, long[] shape)
    {
        // Axes of length 0 are left out until the end: strides are counted over the others, and must not overflow either.
        long bytes = dtype.Size();
        bool empty = false;
        foreach (long axis in shape)
            if (axis == 0) empty = true;
            else if (bytes > long.MaxValue / axis) return null;
            else bytes *= axis;
        return empty ? 0 : bytes;
    }

    /// <summary>Whether it is one of the 8-bit floats, which are read as float32.</summary>
    public static bool IsFloat8(this TensorDtype dtype) => dtype is TensorDtype.F8_E4M3 or TensorDtype.F8_E5M2;

    /// <summary>libtorch's type with the same bytes. 8-bit floats and unsigned 16, 32 and 64 bits have numbers that
    /// <see cref="ScalarType"/>
    /// does not name.</summary>
    public static ScalarType ToScalarType(this TensorDtype dtype) => table[(int)dtype].Scalar;

    /// <summary>The type with the same bytes as libtorch's.</summary>
    /// <exception cref="LowrankException">A type that no file holds, such as a complex one.</exception>
    public static TensorDtype Of(ScalarType scalar)
    {
        foreach (var row in table)
            if (row.Scalar == scalar) return row.Dtype;
        throw new LowrankException($"tensors of dtype {scalar} cannot be written; those of {string.Join(", ", table.Select(row => row.Dtype))} can. Cast it first.");
    }
}

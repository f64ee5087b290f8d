using System.Buffers.Binary;

namespace Lowrank.Formats;

/// <summary>An element type that files hold, named as in the safetensors header or in the container that has it.</summary>
public sealed class TensorDtype
{
    // libtorch's numbers for types that TorchSharp's enum does not name; tensors of them can be made, filled and cast.
    const ScalarType Float8E5M2 = (ScalarType)23, Float8E4M3 = (ScalarType)24, UInt16 = (ScalarType)27, UInt32 = (ScalarType)28,
        UInt64 = (ScalarType)29;

    readonly ScalarType? scalar;
    readonly Func<ReadOnlySpan<byte>, double> number;

    TensorDtype(string name, int size, ScalarType scalar, Func<ReadOnlySpan<byte>, double> number) =>
        (Name, Block, this.scalar, this.number) = (name, new(1, size), scalar, number);

    // Its values are asked for when some are read: a header alone needs none.
    TensorDtype(string name, ScalarType scalar, Func<float[]> values) : this(name, new(1, 1), (codes, floats) =>
    {
        float[] table = values();
        for (int i = 0; i < codes.Length; i++) floats[i] = table[codes[i]];
    }) => this.scalar = scalar;

    /// <summary>A type whose elements are read as float32, such as one that is quantised in blocks.</summary>
    /// <param name="name">Its name in the files that hold it.</param>
    /// <param name="block">How its elements lie in bytes.</param>
    /// <param name="decode">Tells the elements of blocks.</param>
    public TensorDtype(string name, TensorBlock block, BlockDecoder decode)
    {
        (Name, Block, Decoder) = (name, block, decode);
        number = bytes =>
        {
            var values = new float[block.Elements];
            decode(bytes, values);
            return values[0];
        };
    }

    /// <summary>A truth value in one byte.</summary>
    public static TensorDtype BOOL { get; } = new("BOOL", 1, ScalarType.Bool, bytes => bytes[0] == 0 ? 0 : 1);

    /// <summary>Unsigned 8 bits.</summary>
    public static TensorDtype U8 { get; } = new("U8", 1, ScalarType.Byte, bytes => bytes[0]);

    /// <summary>Signed 8 bits.</summary>
    public static TensorDtype I8 { get; } = new("I8", 1, ScalarType.Int8, bytes => (sbyte)bytes[0]);

    /// <summary>8-bit float, 5 exponent bits: the upper half of an F16.</summary>
    public static TensorDtype F8_E5M2 { get; } = new("F8_E5M2", Float8E5M2, () => Float8.E5M2);

    /// <summary>8-bit float, 4 exponent bits, finite (NaN at 0x7f and 0xff).</summary>
    public static TensorDtype F8_E4M3 { get; } = new("F8_E4M3", Float8E4M3, () => Float8.E4M3);

    /// <summary>Signed 16 bits.</summary>
    public static TensorDtype I16 { get; } = new("I16", 2, ScalarType.Int16, bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes));

    /// <summary>Unsigned 16 bits.</summary>
    public static TensorDtype U16 { get; } = new("U16", 2, UInt16, bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes));

    /// <summary>IEEE half.</summary>
    public static TensorDtype F16 { get; } = new("F16", 2, ScalarType.Float16,
        bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes));

    /// <summary>Upper half of an F32.</summary>
    public static TensorDtype BF16 { get; } = new("BF16", 2, ScalarType.BFloat16,
        bytes => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16));

    /// <summary>Signed 32 bits.</summary>
    public static TensorDtype I32 { get; } = new("I32", 4, ScalarType.Int32, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes));

    /// <summary>Unsigned 32 bits.</summary>
    public static TensorDtype U32 { get; } = new("U32", 4, UInt32, bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes));

    /// <summary>32-bit float.</summary>
    public static TensorDtype F32 { get; } = new("F32", 4, ScalarType.Float32, bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes));

    /// <summary>64-bit float.</summary>
    public static TensorDtype F64 { get; } = new("F64", 8, ScalarType.Float64, BinaryPrimitives.ReadDoubleLittleEndian);

    /// <summary>Signed 64 bits.</summary>
    public static TensorDtype I64 { get; } = new("I64", 8, ScalarType.Int64, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes));

    /// <summary>Unsigned 64 bits.</summary>
    public static TensorDtype U64 { get; } = new("U64", 8, UInt64, bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes));

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How its elements lie in bytes.</summary>
    public TensorBlock Block { get; }

    /// <summary>Tells the elements of a type that is read as float32; null for types that libtorch computes with.</summary>
    public BlockDecoder? Decoder { get; }

    /// <summary>Bytes of one element; of one block where elements have none of their own.</summary>
    public int Size() => Block.Bytes;

    /// <summary>Bytes of one element once it is read.</summary>
    internal int SizeInMemory() => Decoder is null ? Block.Bytes : sizeof(float);

    /// <summary>Whether it is one of the 8-bit floats, which are read as float32.</summary>
    public bool IsFloat8() => this == F8_E4M3 || this == F8_E5M2;

    /// <summary>Whether its elements are read as floats.</summary>
    public bool IsFloat() => Decoder is not null || this == F16 || this == BF16 || this == F32 || this == F64;

    /// <summary>libtorch's type with the same bytes. 8-bit floats and unsigned 16, 32 and 64 bits have numbers that
    /// <see cref="ScalarType"/> does not name.</summary>
    /// <exception cref="LowrankException">libtorch has none, as for blocks.</exception>
    public ScalarType ToScalarType() =>
        scalar ?? throw new LowrankException($"libtorch has no type with the bytes of {Name}; it is read as float32.");

    /// <summary>libtorch's type of what is read.</summary>
    internal ScalarType ReadAs() => Decoder is null ? ToScalarType() : ScalarType.Float32;

    /// <summary>The first element of a block.</summary>
    internal double Number(ReadOnlySpan<byte> block) => number(block);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

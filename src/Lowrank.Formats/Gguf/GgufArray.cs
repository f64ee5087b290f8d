using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Lowrank.Formats;

/// <summary>An array in a GGUF file's metadata: elements of one type, kept as they lie in the file until they are asked for.</summary>
public sealed class GgufArray
{
    readonly ReadOnlyMemory<byte> bytes;
    readonly GgufArray[] arrays = [];
    string[]? texts;

    internal GgufArray(GgufType elementType, int count, ReadOnlyMemory<byte> bytes) =>
        (ElementType, Count, this.bytes) = (elementType, count, bytes);

    /// <summary>An array of text.</summary>
    public GgufArray(IEnumerable<string> values)
    {
        texts = [.. values];
        (ElementType, Count) = (GgufType.Text, texts.Length);
    }

    /// <summary>An array of arrays.</summary>
    public GgufArray(IEnumerable<GgufArray> values)
    {
        arrays = [.. values];
        (ElementType, Count) = (GgufType.Array, arrays.Length);
    }

    /// <summary>An array of numbers of one type, or of truth values.</summary>
    public static GgufArray Of<T>(ReadOnlySpan<T> values) where T : unmanaged =>
        new(GgufTypes.Of(default(T)), values.Length, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The type of its elements.</summary>
    public GgufType ElementType { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Its elements as they lie in a file; empty for text and arrays that were not read from one.</summary>
    internal ReadOnlySpan<byte> Bytes => bytes.Span;

    /// <summary>The type as a word: "string", or "array[u32]" for an array of arrays.</summary>
    public string Word => ElementType == GgufType.Array ? $"array[{(arrays.Length > 0 ? arrays[0].Word : "")}]" : ElementType.Word();

    /// <summary>Whether another has the same elements, of the same type.</summary>
    internal bool Holds(GgufArray other)
    {
        if (ElementType != other.ElementType || Count != other.Count) return false;
        return ElementType switch
        {
            GgufType.Text => Texts().SequenceEqual(other.Texts()),
            GgufType.Array => arrays.Zip(other.arrays).All(pair => pair.First.Holds(pair.Second)),
            _ => Bytes.SequenceEqual(other.Bytes),
        };
    }

    /// <summary>Its texts.</summary>
    /// <exception cref="LowrankException">It holds something else, or an element is no UTF-8.</exception>
    public IReadOnlyList<string> Texts() => texts ??= ElementType == GgufType.Text ? ReadTexts() : throw Other("text");

    /// <summary>Its arrays.</summary>
    /// <exception cref="LowrankException">It holds something else.</exception>
    public IReadOnlyList<GgufArray> Arrays() => ElementType == GgufType.Array ? arrays : throw Other("arrays");

    /// <summary>Its numbers, of the very type that is kept.</summary>
    /// <exception cref="LowrankException">It holds something else.</exception>
    public T[] Numbers<T>() where T : unmanaged =>
        GgufTypes.Of(default(T)) == ElementType ? MemoryMarshal.Cast<byte, T>(Bytes).ToArray() : throw Other(typeof(T).Name);

    /// <summary>Its whole numbers, of whatever width; truth values as 0 and 1.</summary>
    /// <exception cref="LowrankException">It holds something else, or a number above 2^63.</exception>
    public long[] Integers() => ElementType switch
    {
        GgufType.U8 => Wide<byte, long>(),
        GgufType.Bool => [.. Wide<byte, long>().Select(value => value == 0 ? 0L : 1L)],
        GgufType.I8 => Wide<sbyte, long>(),
        GgufType.U16 => Wide<ushort, long>(),
        GgufType.I16 => Wide<short, long>(),
        GgufType.U32 => Wide<uint, long>(),
        GgufType.I32 => Wide<int, long>(),
        GgufType.U64 => Wide<ulong, long>(),
        GgufType.I64 => Wide<long, long>(),
        _ => throw Other("whole numbers"),
    };

    /// <summary>Its numbers as floats of 64 bits, whatever they are.</summary>
    /// <exception cref="LowrankException">It holds something else.</exception>
    public double[] Floats() => ElementType switch
    {
        GgufType.F32 => Wide<float, double>(),
        GgufType.F64 => Wide<double, double>(),
        _ => [.. Integers().Select(value => (double)value)],
    };

    TTo[] Wide<T, TTo>() where T : unmanaged, INumberBase<T> where TTo : INumberBase<TTo>
    {
        var from = MemoryMarshal.Cast<byte, T>(Bytes);
        var to = new TTo[Count];
        try
        {
            for (int i = 0; i < to.Length; i++) to[i] = TTo.CreateChecked(from[i]);
        }
        catch (OverflowException)
        {
            throw Other("whole numbers below 2^63");
        }
        return to;
    }

    string[] ReadTexts()
    {
        var read = new string[Count];
        var left = Bytes;
        for (int i = 0; i < read.Length; i++)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(left);
            read[i] = GgufText.Of(left.Slice(sizeof(long), length))
                ?? throw new LowrankException($"element {i} of an array of {Count} texts is no UTF-8 text.");
            left = left[(sizeof(long) + length)..];
        }
        return read;
    }

    LowrankException Other(string wanted) => new($"an array of {Count} {Word} was found where {wanted} belong.");
}

using System.Buffers.Binary;

namespace Lowrank.Formats;

/// <summary>Writes the head of a GGUF file as llama.cpp's writer does, to the byte.</summary>
sealed class GgufHeaderWriter
{
    readonly MemoryStream stream = new();
    readonly GgufMetadata metadata;
    readonly long alignment;

    internal GgufHeaderWriter(GgufMetadata metadata, IReadOnlyList<TensorSource> tensors)
    {
        (this.metadata, Tensors, alignment) = (metadata, tensors, AlignmentOf(metadata));
        if (tensors.CountBy(source => source.Info.Name).FirstOrDefault(pair => pair.Value > 1) is { Key: { } twice })
            throw new LowrankException($"the tensor '{twice}' is given twice; a file holds a name once.");
        foreach (var source in tensors) Check(source.Info);
    }

    internal IReadOnlyList<TensorSource> Tensors { get; }

    internal long PaddingAfter(long bytes) => (alignment - bytes % alignment) % alignment;

    internal byte[] Bytes()
    {
        stream.Write("GGUF"u8);
        Put(Gguf.Version);
        Put((ulong)Tensors.Count);
        Put((ulong)metadata.Count);
        foreach (var entry in metadata) Put(entry);
        ulong offset = 0;
        foreach (var source in Tensors) Put(source.Info, ref offset);
        if (Tensors.Count > 0) stream.Write(new byte[PaddingAfter(stream.Length)]);
        return stream.ToArray();
    }

    static long AlignmentOf(GgufMetadata metadata)
    {
        if (metadata.Find(GgufMetadata.AlignmentKey) is not { } entry) return GgufMetadata.DefaultAlignment;
        if (entry.Value is uint alignment and > 0 && (alignment & (alignment - 1)) == 0) return alignment;
        throw new LowrankException($"the metadata '{entry.Key}' is {entry.TypeWord} {entry.Shown}, and must be u32 and a power of two.");
    }

    static void Check(TensorInfo info)
    {
        var (name, dtype, shape) = info;
        GgufTensorTypes.NumberOf(dtype);
        if (shape.Length > 4)
            throw new LowrankException($"'{name}' of shape {shape.Text()} has more than the 4 axes that GGUF's tensors have.");
        if (!dtype.Block.Fills(shape))
            throw new LowrankException($"'{name}' of shape {shape.Text()} cannot be {dtype}: its rows are no multiple of " +
                $"{dtype.Block.Elements} elements.");
    }

    void Put(TensorInfo info, ref ulong offset)
    {
        Put(info.Name, "the name of a tensor");
        Put((uint)info.Shape.Length);
        foreach (long length in info.Shape.Reverse()) Put((ulong)length);   // the fastest axis first
        Put(GgufTensorTypes.NumberOf(info.Dtype));
        Put(offset);
        offset += (ulong)(info.Bytes + PaddingAfter(info.Bytes));
    }

    void Put(GgufEntry entry)
    {
        Put(entry.Key, "a metadata key");
        Put((uint)entry.Type);
        if (entry.Value is GgufArray array) Put(array, entry.Key);
        else if (entry.Value is string text) Put(text, $"the metadata '{entry.Key}'");
        else PutNumber(entry.Value);
    }

    void Put(GgufArray array, string key)
    {
        Put((uint)array.ElementType);
        Put((ulong)array.Count);
        if (array.ElementType == GgufType.Array)
            foreach (var inner in array.Arrays()) Put(inner, key);
        else if (array.ElementType == GgufType.Text && array.Bytes.IsEmpty)
            foreach (string text in array.Texts()) Put(text, $"a text of the metadata '{key}'");
        else stream.Write(array.Bytes);
    }

    void PutNumber(object value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value switch
        {
            byte number => number,
            sbyte number => (byte)number,
            bool flag => flag ? 1u : 0,
            ushort number => number,
            short number => (ushort)number,
            uint number => number,
            int number => (uint)number,
            float number => BitConverter.SingleToUInt32Bits(number),
            ulong number => number,
            long number => (ulong)number,
            _ => BitConverter.DoubleToUInt64Bits((double)value),
        });
        stream.Write(bytes[..GgufTypes.Of(value).Size()]);
    }

    void Put(string text, string what)
    {
        var bytes = GgufText.Bytes(text, what);
        Put((ulong)bytes.Length);
        stream.Write(bytes);
    }

    void Put(uint number) => PutNumber(number);

    void Put(ulong number) => PutNumber(number);
}

using System.Buffers.Binary;

namespace Lowrank.Formats;

/// <summary>Reads the head of a GGUF file, and refuses whatever the format does not allow.</summary>
sealed class GgufHeaderReader
{
    const int MostAxes = 4, MostDepth = 8;

    // An alignment is a page or a disk's block at most.
    const uint MostAlignment = 1 << 20;

    // Key, type, value; name, axes, type, place: the fewest bytes of an entry and of a tensor.
    const int LeastEntryBytes = 8 + 1 + 4 + 1, LeastTensorBytes = 8 + 4 + 4 + 8;

    readonly string path;
    readonly GgufCursor cursor;
    readonly long fileLength;

    // What is made of a head takes no more than twice the file and 64 MB: each thing some 400 bytes.
    readonly long mostThings;
    long things;

    internal GgufHeaderReader(FileStream file, string path)
    {
        (this.path, fileLength, cursor) = (path, file.Length, new(file, path));
        mostThings = 100_000 + fileLength / 500;
    }

    internal GgufHeader Read()
    {
        uint version = ReadVersion();
        // Both counts stand before what they count.
        long tensorCount = cursor.Count("tensors", LeastTensorBytes), entryCount = cursor.Count("metadata keys", LeastEntryBytes);
        var metadata = ReadMetadata(entryCount);
        uint alignment = AlignmentOf(metadata);
        var (infos, offsets) = ReadTensors(tensorCount);
        long dataStart = infos.Count == 0 ? cursor.Position : Aligned(cursor.Position, alignment);
        var entries = infos.Zip(offsets, (info, offset) => Place(info, offset, dataStart, alignment)).ToList();
        return new GgufHeader
        {
            Tensors = entries,
            Metadata = metadata,
            Notes = [.. NotesOn(entries, dataStart, alignment)],
            Version = version,
            Alignment = (int)alignment,
        };
    }

    uint ReadVersion()
    {
        if (!cursor.Next(4, "its first word").SequenceEqual("GGUF"u8)) throw FileFault.At(path, 0, "a GGUF file begins with the word GGUF");
        uint version = cursor.U32("the version");
        if (version is 2 or 3) return version;
        if (version == 1)
            throw FileFault.At(path, 4, "it is GGUF of version 1, whose counts have 32 bits and which was in use for weeks in 2023; " +
                "2 and 3 are read. Convert the model anew with llama.cpp");
        if (BinaryPrimitives.ReverseEndianness(version) is >= 1 and <= 3)
            throw FileFault.At(path, 4, "it is a GGUF file for big-endian machines, whose bytes stand the other way round. " +
                "Turn it with llama.cpp's gguf_convert_endian.py");
        throw FileFault.At(path, 4, $"it is GGUF of version {version}, and 2 and 3 are read");
    }

    void CountThing(string what)
    {
        if (++things > mostThings)
            throw FileFault.At(path, cursor.Position, $"{what}: the file describes more than {mostThings} things, more than one of its " +
                "size can be about");
    }

    GgufMetadata ReadMetadata(long count)
    {
        var entries = new List<GgufEntry>();
        var keys = new HashSet<string>();
        for (long i = 0; i < count; i++)
        {
            CountThing($"metadata key {i}");
            long place = cursor.Position;
            string key = cursor.Text($"metadata key {i}");
            if (key.Length == 0) throw FileFault.At(path, place, $"metadata key {i} is empty");
            if (!keys.Add(key)) throw FileFault.At(path, place, $"the metadata key '{key}' stands twice");
            string what = $"the metadata '{key}'";
            entries.Add(new(key, ReadValue(ReadType(what), what)));
        }
        return new(entries);
    }

    GgufType ReadType(string what)
    {
        long place = cursor.Position;
        uint type = cursor.U32($"the type of {what}");
        if (type >= GgufTypes.Count)
            throw FileFault.At(path, place, $"{what} has the type {type}, and GGUF has those from 0 to {GgufTypes.Count - 1}");
        return (GgufType)type;
    }

    object ReadValue(GgufType type, string what)
    {
        if (type == GgufType.Text) return cursor.Text(what);
        if (type == GgufType.Array) return ReadArray(what, depth: 1);
        var bytes = cursor.Next(type.Size(), what);
        return type switch
        {
            GgufType.U8 => bytes[0],
            GgufType.I8 => (sbyte)bytes[0],
            GgufType.Bool => bytes[0] != 0,
            GgufType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            GgufType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            GgufType.U64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            GgufType.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        };
    }

    GgufArray ReadArray(string what, int depth)
    {
        CountThing(what);
        if (depth > MostDepth) throw FileFault.At(path, cursor.Position, $"{what} has arrays in arrays, deeper than {MostDepth}");
        var type = ReadType($"the elements of {what}");
        long place = cursor.Position, count = cursor.Count($"elements of {what}", type.LeastBytes());
        if (count > Array.MaxLength)
            throw FileFault.At(path, place, $"{what} has {count} elements, and an array that is read has {Array.MaxLength} at most");
        if (type == GgufType.Array)
        {
            var arrays = new List<GgufArray>();
            for (long i = 0; i < count; i++) arrays.Add(ReadArray(what, depth + 1));
            return new(arrays);
        }
        long start = cursor.Position;
        if (type == GgufType.Text) PassTexts(count, what);
        else cursor.Skip(count * type.Size(), what);
        long bytes = cursor.Position - start;
        if (bytes > Array.MaxLength)
            throw FileFault.At(path, place, $"{what} has {bytes} bytes, and an array that is read has {Array.MaxLength} at most");
        return new(type, (int)count, cursor.Between(start, cursor.Position));
    }

    void PassTexts(long count, string what)
    {
        for (long i = 0; i < count; i++) cursor.Skip(cursor.TextLength(what), what);
    }

    uint AlignmentOf(GgufMetadata metadata)
    {
        if (metadata.Find(GgufMetadata.AlignmentKey) is not { } entry) return GgufMetadata.DefaultAlignment;
        if (entry.Value is not uint alignment)
            throw FileFault.In(path, $"the metadata '{entry.Key}' is {entry.TypeWord}, and must be u32");
        bool isPowerOfTwo = alignment != 0 && (alignment & (alignment - 1)) == 0;
        if (isPowerOfTwo && alignment <= MostAlignment) return alignment;
        throw FileFault.In(path, $"the metadata '{entry.Key}' is {alignment}, and must be a power of two up to {MostAlignment}");
    }

    (List<TensorInfo> Infos, List<ulong> Offsets) ReadTensors(long count)
    {
        var (infos, offsets) = (new List<TensorInfo>(), new List<ulong>());
        var names = new HashSet<string>();
        for (long i = 0; i < count; i++)
        {
            CountThing($"tensor {i}");
            long place = cursor.Position;
            string name = cursor.Text($"the name of tensor {i}");
            if (!names.Add(name)) throw FileFault.At(path, place, $"the tensor '{name}' stands twice");
            var shape = ReadShape(name);
            infos.Add(new(name, ReadDtype(name, shape), shape));
            offsets.Add(cursor.U64($"the place of '{name}'"));
        }
        return (infos, offsets);
    }

    // The file has the fastest axis first, torch last.
    long[] ReadShape(string name)
    {
        long place = cursor.Position;
        uint axes = cursor.U32($"the number of axes of '{name}'");
        if (axes > MostAxes) throw FileFault.At(path, place, $"'{name}' has {axes} axes, and tensors of GGUF have {MostAxes} at most");
        var shape = new long[axes];
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            ulong length = cursor.U64($"the shape of '{name}'");
            if (length > long.MaxValue) throw FileFault.At(path, place, $"an axis of '{name}' has the length {length}");
            shape[i] = (long)length;
        }
        return shape;
    }

    TensorDtype ReadDtype(string name, long[] shape)
    {
        long place = cursor.Position;
        uint number = cursor.U32($"the type of '{name}'");
        var dtype = GgufTensorTypes.Of(number)
            ?? throw FileFault.At(path, place, $"'{name}' has the type {GgufTensorTypes.WhatIs(number)}");
        if (!dtype.Block.Fills(shape))
            throw FileFault.At(path, place, $"'{name}' is {dtype}, whose blocks have {dtype.Block.Elements} elements, and its rows of " +
                $"shape {shape.Text()} are not whole blocks");
        if (dtype.Block.BytesOf(shape) is null)
            throw FileFault.At(path, place, $"'{name}' of shape {shape.Text()} has more bytes than 63 bits can count");
        return dtype;
    }

    GgufHeader.Entry Place(TensorInfo info, ulong offset, long dataStart, uint alignment)
    {
        if (offset % alignment != 0)
            throw FileFault.In(path,
                $"'{info.Name}' lies at byte {offset} of the data, which is no multiple of the alignment, {alignment}");
        long space = Math.Max(0, fileLength - dataStart);
        if (offset > (ulong)space || info.Bytes > space - (long)offset)
            throw FileFault.In(path, $"'{info.Name}' has {info.Bytes} bytes from byte {offset} of the data on, and the file has {space} " +
                "bytes of data. Is the download incomplete?");
        return new(info, dataStart + (long)offset);
    }

    IEnumerable<string> NotesOn(List<GgufHeader.Entry> entries, long dataStart, uint alignment)
    {
        long end = dataStart, unused = 0;
        string last = "";
        foreach (var (info, start) in entries.Where(entry => entry.Info.Bytes > 0).OrderBy(entry => entry.Start))
        {
            if (start < end) throw FileFault.At(path, start, $"'{info.Name}' shares bytes with '{last}'");
            unused += start - Aligned(end, alignment);
            (end, last) = (start + info.Bytes, info.Name);
        }
        unused += Math.Max(0, fileLength - Aligned(end, alignment));
        if (unused > 0) yield return $"{path}: {unused} bytes of its data belong to no tensor.";
    }

    static long Aligned(long place, uint alignment) => (place + alignment - 1) / alignment * alignment;
}

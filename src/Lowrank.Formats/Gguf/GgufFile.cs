namespace Lowrank.Formats;

/// <summary>An open GGUF file: its head is known, the data stay on the disk until asked for. A model in several files is one, whichever
/// of them was named.</summary>
public sealed class GgufFile : IPackedFile
{
    readonly IReadOnlyList<GgufPart> parts;
    readonly Dictionary<string, Place> byName;
    readonly Lazy<IReadOnlyDictionary<string, string>> shown;

    readonly record struct Place(TensorInfo Info, long Start, GgufPart Part);

    internal GgufFile(string path)
    {
        Path = path;
        parts = GgufSplit.PartsOf(path);
        try
        {
            Entries = GgufSplit.MetadataOf(parts);
            byName = parts.SelectMany(part => part.Header.Tensors.Select(entry => new Place(entry.Info, entry.Start, part)))
                .ToDictionary(place => place.Info.Name);
            Tensors = [.. parts.SelectMany(part => part.Header.Tensors).Select(entry => entry.Info)];
            shown = new(() => Entries.ToDictionary(entry => entry.Key, entry => entry.Shown));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => [.. parts.Select(part => part.Path)];

    /// <inheritdoc/>
    public string Container => Gguf.ContainerName;

    /// <inheritdoc/>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The metadata with their types, in the file's order.</summary>
    public GgufMetadata Entries { get; }

    /// <summary>The metadata as text; long arrays by their count (<see cref="Entries"/> has the elements).</summary>
    public IReadOnlyDictionary<string, string> Metadata => shown.Value;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => [.. parts.SelectMany(part => part.Header.Notes), .. GgufSplit.NotesOn(parts)];

    /// <summary>The format's version: 2 or 3.</summary>
    public int Version => (int)parts[0].Header.Version;

    /// <summary>Of how many bytes the tensors' places are multiples.</summary>
    public int Alignment => parts[0].Header.Alignment;

    /// <inheritdoc/>
    public Tensor Read(string name) => Read(name, null);

    Tensor ITensorFile.Read(string name, Scratch scratch) => Read(name, scratch);

    Tensor Read(string name, Scratch? scratch)
    {
        var (info, start, part) = Find(name);
        return Whole(name, part, start, data => TensorBytes.Read(data, info.Dtype, info.Shape, scratch));
    }

    /// <summary>A tensor's blocks as they are: bytes, in rows of as many as its own rows take.</summary>
    /// <returns>A fresh CPU tensor of uint8, the last axis in bytes; it belongs to the caller's scope.</returns>
    /// <exception cref="LowrankException">No such name; the nearest ones are given.</exception>
    public Tensor ReadBlocks(string name)
    {
        var (info, start, part) = Find(name);
        return Whole(name, part, start, data => TensorBytes.Read(data, TensorDtype.U8, BlockShape(info)));
    }

    /// <inheritdoc/>
    public IPackedMatrix? ReadPacked(string name)
    {
        var info = Find(name).Info;
        if (PackedFormat(info) is not { } format) return null;
        using var scope = NewDisposeScope();
        return BlockMatrix.Of(format, ReadBlocks(name));
    }

    /// <summary>The same matrix over the file's own bytes, mapped into memory: nothing is read before it is used, and nothing
    /// copied.</summary>
    /// <remarks>It outlives the file's closing. If somebody cuts the file meanwhile, the process ends where it touches what is
    /// gone.</remarks>
    /// <exception cref="LowrankException">No such name, or the system does not map the file.</exception>
    public IPackedMatrix? MapPacked(string name)
    {
        var (info, start, part) = Find(name);
        if (PackedFormat(info) is not { } format) return null;
        return BlockMatrix.Mapped(format, part.Mapped, start, info.Shape);
    }

    // Of a matrix in few bits; null for all else.
    static BlockFormat? PackedFormat(TensorInfo info) =>
        info.Shape.Length == 2 && BlockFormats.Of(info.Dtype) is { IsQuantized: true } format ? format : null;

    /// <summary>The shape of a tensor's bytes.</summary>
    internal static long[] BlockShape(TensorInfo info)
    {
        var (elements, bytes) = info.Dtype.Block;
        return info.Shape.Length == 0 ? [bytes] : [.. info.Shape[..^1], info.Shape[^1] / elements * bytes];
    }

    static T Whole<T>(string name, GgufPart part, long start, Func<Stream, T> read)
    {
        using var data = new FilePart(part.Stream, start);
        try
        {
            return read(data);
        }
        catch (EndOfStreamException error)
        {
            throw new LowrankException($"{part.Path} ends within {name}: it was shortened after it was opened. " +
                "Open it again when whoever writes it is done.", error);
        }
    }

    void ITensorFile.Expect(string name)
    {
        var (info, start, part) = Find(name);
        ReadAhead.Begin(part.Stream.SafeFileHandle, start, info.Bytes);
    }

    /// <inheritdoc/>
    public double ReadScalar(string name)
    {
        var (info, start, part) = Find(name);
        if (info.Count != 1) throw TensorNames.NoScalar(this, info.Name, info.Shape);
        return Whole(name, part, start, data => ScalarBytes.Read(data, info.Dtype));
    }

    /// <summary>What a file that is written anew reads of this one: its blocks as they are.</summary>
    public TensorSource SourceOf(string name) =>
        new(Find(name).Info, () => ReadBlocks(name)) { Expect = () => ((ITensorFile)this).Expect(name) };

    Place Find(string name) => byName.TryGetValue(name, out var entry) ? entry : throw TensorNames.Unknown(this, name);

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        foreach (var part in parts) part.Dispose();
    }
}

namespace Lowrank.Formats;

/// <summary>An open safetensors file: the header is known, the data stay on the disk until asked for.</summary>
sealed class SafetensorsFile : ITensorFile
{
    readonly SafetensorsHeader header;
    readonly Dictionary<string, SafetensorsHeader.Entry> byName;
    readonly FileStream stream;

    internal SafetensorsFile(string path)
    {
        Path = path;
        stream = FileBytes.Open(path);
        try
        {
            header = SafetensorsHeader.Read(stream, path);
            byName = header.Entries.ToDictionary(entry => entry.Info.Name);
            Tensors = [.. header.Entries.Select(entry => entry.Info)];
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public string Container => Safetensors.ContainerName;

    public IReadOnlyList<TensorInfo> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    public IReadOnlyList<string> Notes => header.Notes;

    public Tensor Read(string name) => Read(name, null);

    Tensor ITensorFile.Read(string name, Scratch scratch) => Read(name, scratch);

    Tensor Read(string name, Scratch? scratch)
    {
        var (info, begin, _) = Find(name);
        // Reading rather than mapping: a mapped page costs a fault, counts as the program's memory, and ends it if the file is cut
        // meanwhile.
        using var data = new FilePart(stream, header.DataStart + begin);
        try
        {
            return TensorBytes.Read(data, info.Dtype, info.Shape, scratch);
        }
        catch (EndOfStreamException error)
        {
            throw new LowrankException($"{Path} ends within {name}: it was shortened after it was opened. " +
                "Open it again when whoever writes it is done.", error);
        }
    }

    void ITensorFile.Expect(string name)
    {
        var (_, begin, end) = Find(name);
        ReadAhead.Begin(stream.SafeFileHandle, header.DataStart + begin, end - begin);
    }

    public double ReadScalar(string name)
    {
        var (info, begin, _) = Find(name);
        if (info.Count != 1) throw TensorNames.NoScalar(this, info.Name, info.Shape);
        using var data = new FilePart(stream, header.DataStart + begin);
        return ScalarBytes.Read(data, info.Dtype);
    }

    SafetensorsHeader.Entry Find(string name) => byName.TryGetValue(name, out var entry) ? entry : throw TensorNames.Unknown(this, name);

    public void Dispose() => stream.Dispose();
}

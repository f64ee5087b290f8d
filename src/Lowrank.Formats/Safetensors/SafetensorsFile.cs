using System.IO.MemoryMappedFiles;

namespace Lowrank.Formats;

/// <summary>An open safetensors file: the header is known, the data stay on the disk until asked for.</summary>
sealed class SafetensorsFile : ITensorFile
{
    readonly SafetensorsHeader header;
    readonly Dictionary<string, SafetensorsHeader.Entry> byName;
    readonly MemoryMappedFile? map;

    internal SafetensorsFile(string path)
    {
        Path = path;
        var stream = FileBytes.Open(path);
        try
        {
            header = SafetensorsHeader.Read(stream, path);
            byName = header.Entries.ToDictionary(entry => entry.Info.Name);
            Tensors = [.. header.Entries.Select(entry => entry.Info)];
            map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        }
        finally
        {
            if (map == null) stream.Dispose();
        }
    }

    public string Path { get; }

    public string Container => Safetensors.ContainerName;

    public IReadOnlyList<TensorInfo> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    public IReadOnlyList<string> Notes => header.Notes;

    public Tensor Read(string name)
    {
        var (info, begin, end) = byName.TryGetValue(name, out var entry) ? entry : throw TensorNames.Unknown(this, name);
        if (begin == end) return TensorBytes.Empty(info.Dtype, info.Shape);
        // A view of these bytes alone: nothing else of the file is touched, and nothing stays mapped after.
        using var data = map!.CreateViewStream(header.DataStart + begin, end - begin, MemoryMappedFileAccess.Read);
        return TensorBytes.Read(data, info.Dtype, info.Shape);
    }

    public double ReadScalar(string name)
    {
        var (info, begin, end) = byName.TryGetValue(name, out var entry) ? entry : throw TensorNames.Unknown(this, name);
        if (info.Count != 1) throw TensorNames.NoScalar(this, info.Name, info.Shape);
        using var data = map!.CreateViewStream(header.DataStart + begin, end - begin, MemoryMappedFileAccess.Read);
        return ScalarBytes.Read(data, info.Dtype);
    }

    public void Dispose() => map?.Dispose();
}

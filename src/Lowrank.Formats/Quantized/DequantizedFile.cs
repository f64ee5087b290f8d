namespace Lowrank.Formats;

/// <summary>A file of quantised weights as if it held their values.</summary>
sealed class DequantizedFile : IPackedFile
{
    readonly ITensorFile file;
    readonly QuantizedScheme scheme;
    readonly Dictionary<string, QuantizedParts> weights = [];

    internal DequantizedFile(ITensorFile file, QuantizedScheme scheme)
    {
        (this.file, this.scheme) = (file, scheme);
        try
        {
            Tensors = Listed();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string Path => file.Path;

    public IReadOnlyList<string> Files => file.Files;

    public string Container => file.Container;

    public IReadOnlyList<TensorInfo> Tensors { get; }

    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    public IReadOnlyList<string> Notes => file.Notes;

    List<TensorInfo> Listed()
    {
        var infos = file.Tensors.ToDictionary(info => info.Name);
        var used = new HashSet<string>();
        var made = new List<TensorInfo>();
        foreach (var (mark, end) in scheme.Marks)
            foreach (var info in file.Tensors.Where(info => info.Name.EndsWith(mark, StringComparison.Ordinal)))
            {
                var parts = new QuantizedParts(file, infos, info.Name[..^mark.Length]);
                if (!weights.TryAdd(parts.Module + end, parts)) continue;
                made.Add(new(parts.Module + end, TensorDtype.F32, scheme.ShapeOf(parts)));
                used.UnionWith(scheme.Ends.Select(part => parts.Module + part));
            }
        return [.. file.Tensors.Where(info => !used.Contains(info.Name)), .. made];
    }

    public Tensor Read(string name)
    {
        if (!weights.TryGetValue(name, out var parts))
            return Tensors.Any(info => info.Name == name) ? file.Read(name) : throw TensorNames.Unknown(this, name);
        using var scope = NewDisposeScope();
        return Named(name, () => scheme.Decode(parts)).MoveToOuterDisposeScope();
    }

    T Named<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"{Path}, {name} ({scheme.Name}): {error.Message}", error);
        }
    }

    public IPackedMatrix? ReadPacked(string name)
    {
        if (weights.TryGetValue(name, out var parts)) return Named(name, () => scheme.ReadPacked(parts));
        return Tensors.Any(info => info.Name == name) ? null : throw TensorNames.Unknown(this, name);
    }

    public IReadOnlyList<TensorSource> StoredOf(string name)
    {
        if (!weights.TryGetValue(name, out var parts)) return [];
        var infos = scheme.Ends.Select(parts.Find).OfType<TensorInfo>();
        return [.. infos.Select(info => new TensorSource(info, () => file.Read(info.Name)) { Expect = () => file.Expect(info.Name) })];
    }

    public Func<TensorSource, IReadOnlyList<TensorSource>>? RounderOf(string name) =>
        weights.TryGetValue(name, out var parts) && scheme.WriterOf(parts) is { } writer ? writer.Of : null;

    public double ReadScalar(string name)
    {
        if (!weights.ContainsKey(name)) return file.ReadScalar(name);
        using var scope = NewDisposeScope();
        var value = Read(name);
        return value.numel() == 1 ? value.ToDouble() : throw TensorNames.NoScalar(this, name, value.shape);
    }

    public void Dispose() => file.Dispose();
}

namespace Lowrank.Formats;

/// <summary>The tensors that one quantised weight is kept in, by the ends of their names.</summary>
sealed class QuantizedParts : IDisposable
{
    readonly string path;
    readonly IReadOnlyDictionary<string, TensorInfo> infos;
    readonly IReadOnlyDictionary<string, string> metadata;
    readonly Func<string, Tensor> read;
    readonly Dictionary<string, Tensor> held = [];

    internal QuantizedParts(ITensorFile file, IReadOnlyDictionary<string, TensorInfo> infos, string module) =>
        (path, this.infos, metadata, read, Module) = (file.Path, infos, file.Metadata, file.Read, module);

    QuantizedParts(QuantizedParts parts, IEnumerable<string> ends)
    {
        (path, infos, metadata, Module, read) = (parts.path, parts.infos, parts.metadata, parts.Module, name => held[name].alias());
        try
        {
            foreach (string end in ends)
                if (parts.Find(end) is { } info) held.Add(info.Name, parts.read(info.Name).DetachFromDisposeScope());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What their names begin with.</summary>
    internal string Module { get; }

    /// <summary>The same parts in memory, read anew of it.</summary>
    internal QuantizedParts Held(IEnumerable<string> ends) => new(this, ends);

    /// <summary>Bytes of those in memory.</summary>
    internal long Bytes => held.Values.Sum(tensor => tensor.numel() * tensor.element_size());

    /// <summary>What is known of one; null where there is none.</summary>
    internal TensorInfo? Find(string end) => infos.GetValueOrDefault(Module + end);

    /// <summary>What is known of one.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    internal TensorInfo Info(string end) =>
        Find(end) ?? throw new LowrankException($"{path} has parts of the quantised weight {Module}, and lacks {Module}{end}.");

    /// <summary>What the file's header says under a name of theirs; null where it says nothing.</summary>
    internal string? Told(string end) => metadata.GetValueOrDefault(Module + end);

    /// <summary>One of them; it belongs to the caller's scope.</summary>
    internal Tensor Read(string end) => read(Info(end).Name);

    /// <summary>One of them, or null where there is none.</summary>
    internal Tensor? ReadIfThere(string end) => Find(end) is { } info ? read(info.Name) : null;

    /// <summary>Frees those in memory.</summary>
    public void Dispose()
    {
        foreach (var tensor in held.Values) tensor.Dispose();
    }
}

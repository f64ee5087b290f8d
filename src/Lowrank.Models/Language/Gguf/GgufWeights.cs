namespace Lowrank.Models;

/// <summary>The weights of a GGUF file under their published names, and as they lie in published files.</summary>
sealed class GgufWeights : TensorFileView, IPackedFile
{
    readonly GgufFile file;
    readonly GgufShape shape;
    readonly Dictionary<string, Place> places = [];
    readonly Dictionary<string, string> own = [];

    sealed record Place(string Stored, GgufChange Change);

    /// <summary>Names a file's tensors. Those that no module is called by keep their names.</summary>
    /// <param name="file">The file; it is disposed of with this one.</param>
    /// <param name="layout">How its family's models lie.</param>
    /// <param name="config">Its config.</param>
    public GgufWeights(GgufFile file, GgufLayout layout, GgufConfig config) : base(file)
    {
        (this.file, shape) = (file, config.Shape);
        var infos = new List<TensorInfo>();
        foreach (var info in file.Tensors.Where(info => !config.Tables.Contains(info.Name)))
        {
            var (name, change) = layout.Own(info.Name) ?? (info.Name, GgufChange.None);
            places[name] = new(info.Name, change);
            own[info.Name] = name;
            infos.Add(info with { Name = name, Shape = change.OwnShape(info.Shape, shape) });
        }
        Tensors = infos;
    }

    public override IReadOnlyList<TensorInfo> Tensors { get; }

    protected override string StoredName(string name) => Find(name).Stored;

    protected override Tensor Seen(string name, Tensor stored) => Find(name).Change.ToOwn(stored, shape);

    /// <summary>A matrix over the file's own bytes: nothing is read before it is used.</summary>
    public IPackedMatrix? ReadPacked(string name)
    {
        var (stored, change) = Find(name);
        return file.MapPacked(stored) is { } matrix ? change.ToOwn(matrix, shape) : null;
    }

    /// <summary>The file itself.</summary>
    public GgufFile File => file;

    /// <summary>What a tensor of the file is called here; null for a table of positions, which is none of the weights.</summary>
    public string? NameOf(string stored) => own.GetValueOrDefault(stored);

    /// <summary>Published numbers of what the file holds.</summary>
    public Tensor ToOwn(string name, Tensor stored) => Find(name).Change.ToOwn(stored, shape);

    /// <summary>What the file holds of published numbers.</summary>
    public Tensor ToStored(string name, Tensor own) => Find(name).Change.ToStored(own, shape);

    Place Find(string name) => places.GetValueOrDefault(name) ?? new(name, GgufChange.None);
}

namespace Lowrank.Models;

/// <summary>A model's weights whose tables have more rows than are stored: those of tokens that were added, zero until an adapter fills
/// them.</summary>
sealed class GrownTables : TensorFileView, IPackedFile
{
    readonly ITensorFile file;
    readonly IReadOnlyDictionary<string, long> rows;

    /// <summary>Of an open file, which is taken over.</summary>
    /// <param name="file">The weights as they are stored.</param>
    /// <param name="rows">How many rows tensors are to have, by their names in the file.</param>
    public GrownTables(ITensorFile file, IReadOnlyDictionary<string, long> rows) : base(file)
    {
        (this.file, this.rows) = (file, rows);
        Tensors = [.. file.Tensors.Select(Grown)];
    }

    TensorInfo Grown(TensorInfo info) =>
        rows.TryGetValue(info.Name, out long all) ? info with { Shape = [all, .. info.Shape[1..]] } : info;

    public override IReadOnlyList<TensorInfo> Tensors { get; }

    protected override Tensor Seen(string name, Tensor stored) => rows.TryGetValue(name, out long all)
        ? cat([stored, zeros([all - stored.shape[0], .. stored.shape[1..]], stored.dtype, stored.device)])
        : stored;

    public IPackedMatrix? ReadPacked(string name) => rows.ContainsKey(name) ? null : (file as IPackedFile)?.ReadPacked(name);

    public IReadOnlyList<TensorSource> StoredOf(string name) =>
        rows.ContainsKey(name) ? [] : (file as IPackedFile)?.StoredOf(name) ?? [];

    public Func<TensorSource, IReadOnlyList<TensorSource>>? RounderOf(string name) =>
        rows.ContainsKey(name) ? null : (file as IPackedFile)?.RounderOf(name);
}

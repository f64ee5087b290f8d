namespace Lowrank.Formats;

/// <summary>A file seen otherwise: under other names, in other shapes. What a view does not tell itself is as in the file.</summary>
/// <param name="file">The file; closed with the view.</param>
public abstract class TensorFileView(ITensorFile file) : ITensorFile
{
    /// <inheritdoc/>
    public virtual string Path => file.Path;

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => file.Files;

    /// <inheritdoc/>
    public string Container => file.Container;

    /// <inheritdoc/>
    public virtual IReadOnlyList<TensorInfo> Tensors => file.Tensors;

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> Notes => file.Notes;

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Seen(name, file.Read(StoredName(name))));
    }

    /// <inheritdoc/>
    public Tensor Read(string name, Scratch scratch)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Seen(name, file.Read(StoredName(name), scratch)));
    }

    /// <inheritdoc/>
    public void Expect(string name) => file.Expect(StoredName(name));

    /// <summary>The value of a tensor that holds one element, as it is in the file. Loads no libtorch.</summary>
    /// <exception cref="LowrankException">No such name, or it holds another number of elements.</exception>
    public double ReadScalar(string name) => file.ReadScalar(StoredName(name));

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the file calls a tensor of the view.</summary>
    /// <exception cref="LowrankException">The view has none of that name.</exception>
    protected virtual string StoredName(string name) => name;

    /// <summary>What the view has under a name, of what the file has there.</summary>
    /// <remarks><see cref="Read(string)"/> calls it in a scope, out of which its answer alone goes.</remarks>
    protected virtual Tensor Seen(string name, Tensor stored) => stored;
}

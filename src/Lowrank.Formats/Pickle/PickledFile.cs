namespace Lowrank.Formats;

/// <summary>A pickle of torch's with its storages beside it; the two kinds differ in where those lie.</summary>
abstract class PickledFile(string path) : ITensorFile
{
    readonly Lock reading = new();

    public string Path => path;

    public abstract string Container { get; }

    public IReadOnlyList<TensorInfo> Tensors => Contents.Infos;

    public IReadOnlyDictionary<string, string> Metadata => Contents.Metadata;

    public IReadOnlyList<string> Notes => [];

    /// <summary>Set by the constructor of the kind.</summary>
    protected PickleContents Contents { get; set; } = null!;

    public Tensor Read(string name)
    {
        var tensor = Contents.Tensors.TryGetValue(name, out var found) ? found : throw TensorNames.Unknown(this, name);
        using var scope = NewDisposeScope();
        if (tensor.Count == 0) return TensorBytes.Empty(tensor.Dtype, tensor.Shape).MoveToOuterDisposeScope();
        return FromStorage(name, tensor, bytes =>
        {
            if (tensor.IsContiguous) return TensorBytes.Read(bytes, tensor.Dtype, tensor.Shape).MoveToOuterDisposeScope();
            var elements = TensorBytes.Read(bytes, tensor.Dtype, [tensor.Extent]);
            return elements.as_strided(tensor.Shape, tensor.Strides).contiguous().MoveToOuterDisposeScope();
        });
    }

    public double ReadScalar(string name)
    {
        var tensor = Contents.Tensors.TryGetValue(name, out var found) ? found : throw TensorNames.Unknown(this, name);
        if (tensor.Count != 1) throw TensorNames.NoScalar(this, name, tensor.Shape);
        return FromStorage(name, tensor, bytes => ScalarBytes.Read(bytes, tensor.Dtype));
    }

    // The stream stands at the tensor's first element.
    T FromStorage<T>(string name, PickledTensor tensor, Func<Stream, T> read)
    {
        lock (reading)
            try
            {
                using var bytes = OpenStorage(tensor.Storage.Key, checked((tensor.Storage.Start + tensor.Offset) * tensor.Dtype.Size()));
                return read(bytes);
            }
            catch (Exception error) when (error is InvalidDataException or IOException)
            {
                throw FileFault.In(path, $"the elements of '{name}' cannot be read: {error.Message}", inner: error);
            }
    }

    public abstract void Dispose();

    /// <summary>The bytes of a storage from the given one on.</summary>
    protected abstract Stream OpenStorage(string key, long firstByte);

    /// <summary>Runs what reads pickles, and says in which file and where it failed.</summary>
    /// <param name="part">The file inside the archive; empty where there is none.</param>
    /// <param name="read">What reads.</param>
    protected T Reading<T>(string part, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (PickleException error)
        {
            throw FileFault.At(path, error.Offset, error.Message, part, error);
        }
        catch (PickleContentException error)
        {
            throw FileFault.In(path, error.Message, part, error);
        }
    }
}

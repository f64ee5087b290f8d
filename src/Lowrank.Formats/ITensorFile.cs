namespace Lowrank.Formats;

/// <summary>Name, dtype and shape of one tensor in a file; knowing them loads no libtorch.</summary>
/// <param name="Name">Its key in the file.</param>
/// <param name="Dtype">Element type as stored.</param>
/// <param name="Shape">Axis lengths; empty for a scalar.</param>
public sealed record TensorInfo(string Name, TensorDtype Dtype, long[] Shape)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, axis) => product * axis);

    /// <summary>Bytes of its elements as stored.</summary>
    public long Bytes => Count * Dtype.Size();
}

/// <summary>An open container: named tensors and metadata, read lazily.</summary>
public interface ITensorFile : IDisposable
{
    /// <summary>Where it was opened, for errors.</summary>
    string Path { get; }

    /// <summary>The container's name: "safetensors", "torch zip", "torch legacy pickle".</summary>
    string Container { get; }

    /// <summary>The tensors in the file's order.</summary>
    IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Metadata strings; empty where the container has none.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What was odd about the container though it can be read, one sentence each; empty for a proper one.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>A fresh CPU tensor in the stored dtype (8-bit floats come as float32). It belongs to the caller's scope.</summary>
    /// <exception cref="LowrankException">No such name; the nearest ones are given.</exception>
    Tensor Read(string name);

    /// <summary>The same in memory that is used again, where the container can read into it.</summary>
    Tensor Read(string name, Scratch scratch) => Read(name);

    /// <summary>The value of a tensor that holds one element. Loads no libtorch.</summary>
    /// <exception cref="LowrankException">No such name, or it holds another number of elements.</exception>
    double ReadScalar(string name);
}

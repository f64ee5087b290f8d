namespace Lowrank.Formats;

/// <summary>An open container: named tensors and metadata, read lazily.</summary>
public interface ITensorFile : IDisposable
{
    /// <summary>Where it was opened, for errors.</summary>
    string Path { get; }

    /// <summary>The files that are read: where it was opened, and those that are named there.</summary>
    IReadOnlyList<string> Files => [Path];

    /// <summary>The container's name: "safetensors", "torch zip", "torch legacy pickle", "GGUF".</summary>
    string Container { get; }

    /// <summary>The tensors in the file's order.</summary>
    IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Metadata strings; empty where the container has none.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What was odd about the container though it can be read, one sentence each; empty for a proper one.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>A fresh CPU tensor in the stored dtype, or in float32 where that has a decoder. It belongs to the caller's scope.</summary>
    /// <exception cref="LowrankException">No such name; the nearest ones are given.</exception>
    Tensor Read(string name);

    /// <summary>The same in memory that is used again, where the container can read into it.</summary>
    Tensor Read(string name, Scratch scratch) => Read(name);

    /// <summary>Says that a tensor is read soon, so that the disk may work meanwhile.</summary>
    void Expect(string name) { }

    /// <summary>The value of a tensor that holds one element. Loads no libtorch.</summary>
    /// <exception cref="LowrankException">No such name, or it holds another number of elements.</exception>
    double ReadScalar(string name);
}

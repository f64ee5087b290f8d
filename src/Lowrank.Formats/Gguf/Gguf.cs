namespace Lowrank.Formats;

/// <summary>The GGUF container of llama.cpp: typed metadata, then tensors, plain or in blocks.</summary>
/// <remarks>Layout as of ggml-org/ggml docs/gguf.md, version 3.</remarks>
public static class Gguf
{
    internal const string ContainerName = "GGUF";

    /// <summary>The version that is written.</summary>
    internal const uint Version = 3;

    /// <summary>Opens a file: reads and checks its head. Loads no libtorch.</summary>
    /// <exception cref="LowrankException">The file is not a proper one; the message names the byte and the cause.</exception>
    public static GgufFile Open(string path) => new(path);

    /// <summary>Writes a file whole or not at all, one tensor in memory at a time.</summary>
    /// <param name="path">Where to; its folder is made if it lacks.</param>
    /// <param name="metadata">Keys and values, in this order; <see cref="GgufMetadata.AlignmentKey"/> among them is obeyed.</param>
    /// <param name="tensors">Where the tensors come from, in this order. Each has the dtype that it has in the file: one of floats is
    /// rounded to it, one of uint8 is its blocks as they are (<see cref="GgufFile.ReadBlocks"/>).</param>
    /// <param name="overwrite">Whether a file that is there when all is written is replaced.</param>
    /// <exception cref="LowrankException">A key or name given twice, a dtype that files do not hold, a tensor that differs from its
    /// description, a place that cannot be written to, or a file that is not to be overwritten.</exception>
    public static void Save(string path, IEnumerable<GgufEntry> metadata, IEnumerable<TensorSource> tensors, bool overwrite = true)
    {
        var head = new GgufHeaderWriter(new(metadata), [.. tensors]);
        if (overwrite) AtomicFile.Write(path, WriteTo);
        else if (!AtomicFile.WriteNew(path, WriteTo))
            throw new LowrankException($"{path} came to be while it was being made, and stays as it is. " +
                "Give another name, or overwrite it.");

        void WriteTo(Stream stream)
        {
            using var behind = new WriteBehind(stream);
            Write(behind, head);
            behind.Finish();
        }
    }

    /// <summary>Writes the same bytes as <see cref="Save"/> to a stream: into a hash, for one.</summary>
    public static void Write(Stream stream, IEnumerable<GgufEntry> metadata, IEnumerable<TensorSource> tensors) =>
        Write(stream, new GgufHeaderWriter(new(metadata), [.. tensors]));

    static void Write(Stream stream, GgufHeaderWriter head)
    {
        stream.Write(head.Bytes());
        foreach (var (i, source) in head.Tensors.Index())
        {
            if (i + 1 < head.Tensors.Count) head.Tensors[i + 1].Expect?.Invoke();
            using var scope = NewDisposeScope();
            GgufData.Write(stream, source.Info, source.Read());
            stream.Write(new byte[head.PaddingAfter(source.Info.Bytes)]);
        }
    }
}

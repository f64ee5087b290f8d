using System.Text;

namespace Lowrank.Formats;

/// <summary>The safetensors container: a JSON header of names, dtypes, shapes and places, then the bare elements.</summary>
/// <remarks>Layout as of the reference implementation (huggingface/safetensors): tensors by dtype, largest alignment first, then by name;
/// the header padded with blanks to a multiple of 8.</remarks>
public static class Safetensors
{
    internal const string ContainerName = "safetensors";

    // What a disk reads while a tensor or two are made.
    const long BytesAhead = 64 << 20;

    /// <summary>Opens a file: reads and checks its header, maps its data. Loads no libtorch.</summary>
    /// <exception cref="LowrankException">The file is not a proper one; the message names the byte and the cause.</exception>
    public static ITensorFile Open(string path) => new SafetensorsFile(path);

    /// <summary>Writes a file whole or not at all.</summary>
    /// <param name="path">Where to; its folder is made if it lacks.</param>
    /// <param name="tensors">Names and tensors, of any device and strides, each in its own dtype.</param>
    /// <param name="metadata">Strings for the header.</param>
    /// <exception cref="LowrankException">A name given twice, a dtype that files do not hold, or a place that cannot be written
    /// to.</exception>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var all = tensors.ToList();
        AtomicFile.Write(path, stream => Write(stream, all, metadata));
    }

    /// <summary>Writes a file whole or not at all, one tensor in memory at a time.</summary>
    /// <param name="path">Where to; its folder is made if it lacks.</param>
    /// <param name="tensors">Where the tensors come from.</param>
    /// <param name="metadata">Strings for the header.</param>
    /// <param name="overwrite">Whether a file that is there when all is written is replaced.</param>
    /// <exception cref="LowrankException">As for <see cref="Save"/>, and a source whose tensor differs from its description, or a file that
    /// is not to be overwritten.</exception>
    public static void SaveLazily(
        string path, IEnumerable<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool overwrite = true)
    {
        var all = tensors.ToList();
        if (overwrite) AtomicFile.Write(path, Lazily);
        else if (!AtomicFile.WriteNew(path, Lazily))
            throw new LowrankException($"{path} came to be while it was being made, and stays as it is. " +
                "Give another name, or overwrite it.");

        void Lazily(Stream stream)
        {
            using var behind = new WriteBehind(stream);
            WriteLazily(behind, all, metadata);
            behind.Finish();
        }
    }

    /// <summary>Writes the same bytes as <see cref="Save"/> to a stream: into a hash, for one. Returns where the data begin.</summary>
    public static long Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null) =>
        WriteLazily(stream, tensors.Select(pair => new TensorSource(
            new TensorInfo(pair.Key, TensorDtypes.Of(pair.Value.dtype), pair.Value.shape), () => pair.Value.alias())), metadata);

    /// <summary>Writes to a stream, one tensor in memory at a time. Returns where the data begin.</summary>
    public static long WriteLazily(Stream stream, IEnumerable<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = Ordered(tensors);
        if (ordered.CountBy(source => source.Info.Name).FirstOrDefault(pair => pair.Value > 1) is { Key: { } twice })
            throw new LowrankException($"the tensor '{twice}' is given twice; a file holds a name once.");
        var header = SafetensorsHeaderWriter.Write([.. ordered.Select(source => source.Info)], metadata);
        stream.Write(header);
        long ahead = 0;
        int expected = 0;
        foreach (var source in ordered)
        {
            for (; expected < ordered.Count && ahead < BytesAhead; expected++)
            {
                ordered[expected].Expect?.Invoke();
                ahead += ordered[expected].Info.Bytes;
            }
            ahead -= source.Info.Bytes;
            using var scope = NewDisposeScope();
            using var tensor = source.Read();
            var (name, dtype, shape) = source.Info;
            if (TensorDtypes.Of(tensor.dtype) != dtype || !tensor.shape.AsSpan().SequenceEqual(shape))
                throw new LowrankException($"'{name}' was announced as {dtype} of shape {shape.Text()}, " +
                    $"and came as {tensor.dtype} of shape {tensor.shape.Text()}.");
            TensorBytes.Write(stream, tensor);
        }
        return header.Length;
    }

    static List<TensorSource> Ordered(IEnumerable<TensorSource> tensors)
    {
        // Asked of each: a list of one is sorted without a look at its key.
        var placed = tensors.Select(source => (Source: source, Place: TensorDtypes.PlaceOf(source.Info.Dtype)));
        var ordered = placed.OrderByDescending(pair => pair.Place).ThenBy(pair => pair.Source.Info.Name, Utf8Order.Comparer);
        return [.. ordered.Select(pair => pair.Source)];
    }

    // The reference sorts names by their UTF-8 bytes, which differs from .NET's order beyond the first plane.
    sealed class Utf8Order : IComparer<string>
    {
        internal static readonly Utf8Order Comparer = new();

        public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }
}

namespace Lowrank.Formats;

/// <summary>Makes quantised GGUF files of others, as llama.cpp's quantiser does, to the byte.</summary>
public static class GgufQuantizer
{
    const string FileType = "general.file_type", Version = "general.quantization_version";

    // The version of ggml's layouts of blocks, and what tells of parts that a file was cut into.
    const uint BlocksVersion = 2;
    static readonly string[] ofParts = ["split.no", "split.count", "split.tensors.count"];

    /// <summary>Writes a file of a kind such as Q4_K_M, one tensor in memory at a time.</summary>
    /// <param name="source">A model's file; of floats, or quantised where <see cref="QuantizationOptions.AllowsRequantizing"/>.</param>
    /// <param name="path">Where to.</param>
    /// <param name="fileType">The kind of file.</param>
    /// <param name="options">Wishes; null for none.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="cancel">Looked at before each tensor; then nothing is written.</param>
    /// <returns>How many tensors got each type.</returns>
    /// <exception cref="LowrankException">What <see cref="QuantizationPlan.Types"/> and <see cref="Gguf.Save"/> refuse.</exception>
    public static IReadOnlyDictionary<TensorDtype, int> Quantize(
        GgufFile source, string path, QuantizedFileType fileType, QuantizationOptions? options = null, bool overwrite = true,
        CancellationToken cancel = default)
    {
        var infos = QuantizationPlan.Ordered(source.Tensors).ToList();
        var types = QuantizationPlan.Types(fileType, QuantizedModel.Of(source.Entries), infos, options);
        var sources = infos.Zip(types, (info, type) => Source(source, info, type).Until(cancel));
        Gguf.Save(path, Metadata(source.Entries, fileType), sources, overwrite);
        return types.CountBy(type => type).ToDictionary();
    }

    // The two keys of the quantiser's own go to the end.
    static IEnumerable<GgufEntry> Metadata(GgufMetadata metadata, QuantizedFileType fileType) =>
    [
        .. metadata.Where(entry => entry.Key is not (FileType or Version) && !ofParts.Contains(entry.Key)),
        new(Version, BlocksVersion), new(FileType, (uint)fileType.Number),
    ];

    static TensorSource Source(GgufFile source, TensorInfo info, TensorDtype type)
    {
        var kept = source.SourceOf(info.Name);
        return type == info.Dtype ? kept : kept with { Info = info with { Dtype = type }, Read = () => source.Read(info.Name) };
    }
}

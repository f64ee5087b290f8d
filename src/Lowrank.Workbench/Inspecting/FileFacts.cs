namespace Lowrank.Workbench;

/// <summary>What the header of a file of tensors tells.</summary>
/// <param name="Path">The file.</param>
/// <param name="Container">"safetensors", "torch zip", ...</param>
/// <param name="Bytes">Bytes of the tensors.</param>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="Parameters">Number of elements in them.</param>
/// <param name="Dtypes">Tensors by dtype, most first.</param>
/// <param name="Metadata">The container's metadata: texts, and of a GGUF file numbers and truths as what they are.</param>
/// <param name="Notes">What is odd about the container.</param>
/// <param name="Keys">Every tensor, where asked for.</param>
/// <param name="Hashes">The hashes by which programs know it, where taken.</param>
public sealed record FileFacts(
    string Path,
    string Container,
    long Bytes,
    int Tensors,
    long Parameters,
    IReadOnlyDictionary<string, int> Dtypes,
    IReadOnlyDictionary<string, object> Metadata,
    IReadOnlyList<string> Notes,
    IReadOnlyList<KeyFacts>? Keys,
    FileHashes? Hashes)
{
    /// <summary>Reads an open file's header.</summary>
    internal static FileFacts Of(ITensorFile file, bool keys, FileHashes? hashes) => new(
        file.Path,
        file.Container,
        file.Tensors.Sum(t => t.Bytes),
        file.Tensors.Count,
        file.Tensors.Sum(t => t.Count),
        file.Tensors.CountMostFirst(t => t.Dtype.ToString()),
        MetadataOf(file),
        file.Notes,
        keys ? [.. file.Tensors.Select(t => new KeyFacts(t.Name, t.Dtype.ToString(), t.Shape))] : null,
        hashes);

    static Dictionary<string, object> MetadataOf(ITensorFile file)
    {
        var all = file.Metadata.ToDictionary(field => field.Key, field => (object)field.Value);
        if (file is not GgufFile gguf) return all;
        foreach (var (key, value) in gguf.Entries)
            if (value is ValueType and not Half) all[key] = value;
        return all;
    }
}

namespace Lowrank.Workbench;

/// <summary>What the header of a file of tensors tells.</summary>
/// <param name="Path">The file.</param>
/// <param name="Container">"safetensors", "torch zip", ...</param>
/// <param name="Bytes">Bytes of the tensors.</param>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="Parameters">Number of elements in them.</param>
/// <param name="Dtypes">Tensors by dtype, most first.</param>
/// <param name="Metadata">The container's metadata.</param>
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
    IReadOnlyDictionary<string, string> Metadata,
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
        file.Metadata,
        file.Notes,
        keys ? [.. file.Tensors.Select(t => new KeyFacts(t.Name, t.Dtype.ToString(), t.Shape))] : null,
        hashes);
}

using Lowrank.Formats;

namespace Lowrank.Cli;

/// <summary>What the header of a file of tensors tells: no tensor is read for it.</summary>
/// <param name="Path">The file, or the folder of a model's part.</param>
/// <param name="Container">"safetensors", "torch zip", ...</param>
/// <param name="Bytes">Bytes of the tensors.</param>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="Parameters">Number of elements in them.</param>
/// <param name="Dtypes">Tensors by dtype, most first.</param>
/// <param name="Metadata">The container's metadata.</param>
/// <param name="Keys">Every tensor, where asked for.</param>
sealed record FileFacts(
    string Path,
    string Container,
    long Bytes,
    int Tensors,
    long Parameters,
    IReadOnlyDictionary<string, int> Dtypes,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<KeyFacts>? Keys)
{
    /// <summary>Reads an open file's header.</summary>
    public static FileFacts Of(ITensorFile file, bool keys) => new(
        file.Path,
        file.Container,
        file.Tensors.Sum(t => t.Count * t.Dtype.Size()),
        file.Tensors.Count,
        file.Tensors.Sum(t => t.Count),
        file.Tensors.GroupBy(t => t.Dtype.ToString()).OrderByDescending(g => g.Count()).ToDictionary(g => g.Key, g => g.Count()),
        file.Metadata,
        keys ? [.. file.Tensors.Select(t => new KeyFacts(t.Name, t.Dtype.ToString(), t.Shape))] : null);
}

/// <summary>One tensor of a file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Dtype">Its element type, as in the safetensors header.</param>
/// <param name="Shape">Axis lengths.</param>
sealed record KeyFacts(string Name, string Dtype, long[] Shape);

namespace Lowrank.Models;

/// <summary>Which files of a model's folder hold its weights, in whatever form; the others go with any weights.</summary>
static class ModelFolderFiles
{
    static readonly string[] endings = [".safetensors", ".bin", ".gguf", ".pt", ".pth", ".h5", ".msgpack", ".onnx", ".onnx_data"];

    /// <summary>Whether a file holds weights, or an index of them, by its name.</summary>
    public static bool IsWeights(string file) =>
        endings.Contains(Path.GetExtension(file)) || Path.GetFileName(file).Contains(".index.", StringComparison.Ordinal);

    /// <summary>The files of a folder and of those in it, by their paths from there, without hidden ones.</summary>
    public static IReadOnlyList<string> In(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
            .Where(file => !IsHidden(file)),
    ];

    /// <summary>Whether a file, or a folder that it lies in, has a name that begins with a point.</summary>
    public static bool IsHidden(string file) => file.Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.'));

    /// <summary>Copies a file into another folder, under the same path.</summary>
    public static void Copy(string folder, string file, string into)
    {
        string to = Path.Combine(into, file);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(Path.Combine(folder, file), to);
    }

    /// <summary>What is said of files of weights that were neither read nor copied; none where there are none.</summary>
    /// <param name="files">All of the folder, by their paths from there.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="read">What was read.</param>
    public static IEnumerable<string> Left(IEnumerable<string> files, string folder, ITensorFile read)
    {
        var taken = read.Files.Select(file => Path.GetRelativePath(folder, file));
        List<string> left = [.. files.Where(IsWeights).Except(taken)];
        if (left.Count > 0) yield return $"Not taken over, as they hold the base's weights: {string.Join(", ", left)}.";
    }
}

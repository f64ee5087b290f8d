namespace Lowrank.Models;

/// <summary>Where a base model may lie: a folder, or a file of tensors, whose header is read once for all who look.</summary>
public sealed class ModelPlace : IDisposable
{
    readonly Dictionary<Type, object?> findings = [];
    bool ownsFile;

    ModelPlace(string path, ITensorFile? file, bool ownsFile) => (Path, File, this.ownsFile) = (path, file, ownsFile);

    /// <summary>Looks at a path; a folder's model_index.json stands for the folder. Whether there is anything is not asked yet.</summary>
    /// <exception cref="LowrankException">A file that holds no tensors, or is damaged.</exception>
    public static ModelPlace Open(string path)
    {
        if (!System.IO.File.Exists(path)) return new(path, null, false);
        return System.IO.Path.GetFileName(path) == Index
            ? new(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, null, false)
            : new(path, Containers.Open(path), true);
    }

    /// <summary>A file that is open, and stays so.</summary>
    public static ModelPlace Of(ITensorFile file) => new(file.Path, file, false);

    /// <summary>The folder or file.</summary>
    public string Path { get; }

    /// <summary>The open file; null for a folder.</summary>
    public ITensorFile? File { get; }

    /// <summary>Whether it is a folder in the layout of diffusers, with an index of its parts.</summary>
    public bool HasIndex => Holds(Index);

    /// <summary>Whether it is a folder that holds such a file.</summary>
    public bool Holds(params string[] file) => File is null && System.IO.File.Exists(Inner(file));

    /// <summary>The path of a file in the folder.</summary>
    public string Inner(params string[] file) => System.IO.Path.Combine([Path, .. file]);

    /// <summary>The file, for one who closes it from now on; where it is someone else's, the same opened anew.</summary>
    internal ITensorFile TakeFile()
    {
        var file = ownsFile ? File! : Containers.Open(Path);
        ownsFile = false;
        return file;
    }

    /// <summary>What is found out about this place: looked for once, and remembered for all who ask. One finding of a type.</summary>
    internal T Remember<T>(Func<ModelPlace, T> look)
    {
        if (!findings.TryGetValue(typeof(T), out object? found)) findings[typeof(T)] = found = look(this);
        return (T)found!;
    }

    /// <summary>Closes the file, if it was opened for this.</summary>
    public void Dispose()
    {
        if (ownsFile) File?.Dispose();
    }

    const string Index = "model_index.json";
}

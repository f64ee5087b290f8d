namespace Lowrank.Adapters;

/// <summary>Where adapters lie: in a file, or in a folder that a dialect keeps.</summary>
public static class AdapterPlace
{
    // What is added stands last, and is asked first.
    static IEnumerable<Packaging> Packagings => Dialects.All.Select(dialect => dialect.Packaging).Reverse();

    /// <summary>Whether a folder is one that a dialect keeps an adapter in.</summary>
    public static bool IsFolder(string path) => Packagings.Any(packaging => packaging.IsPlace(path));

    /// <summary>Whether something lies at a path that an adapter could be read from.</summary>
    public static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    /// <summary>The file that holds an adapter's tensors: the path itself, of a folder the file in it.</summary>
    /// <exception cref="LowrankException">The folder is none that a dialect keeps.</exception>
    public static string TensorsOf(string path) => !Directory.Exists(path)
        ? path
        : Packagings.Select(packaging => packaging.TensorsIn(path)).OfType<string>().FirstOrDefault()
            ?? throw new LowrankException($"the folder {path} holds no adapter");

    /// <summary>An adapter's file or folder, opened with what belongs to it.</summary>
    /// <exception cref="LowrankException">It is none of the known kinds, or a damaged one.</exception>
    internal static ITensorFile Open(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new LowrankException("an adapter is to be opened, and its path is empty");
        foreach (var packaging in Packagings)
            if (packaging.Open(path) is { } opened) return opened;
        var file = Containers.Open(path);
        foreach (var packaging in Packagings)
        {
            var whole = packaging.WithCompanions(file);
            if (whole != file) return whole;
        }
        return file;
    }
}

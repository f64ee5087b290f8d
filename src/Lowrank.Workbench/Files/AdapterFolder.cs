namespace Lowrank.Workbench;

/// <summary>The adapter files of a folder and of those in it, found by name as AUTOMATIC1111 finds them.</summary>
/// <remarks>
/// A name is a file's without ending, or what its maker called it (ss_output_name). Of several files of one name the web UI takes the last
/// by path; here that is an error, unless it is asked for.
/// </remarks>
public sealed class AdapterFolder
{
    static readonly string[] endings = [".safetensors", ".pt", ".ckpt"];

    readonly string folder;
    readonly List<(string Name, string Path)> files;
    readonly Lazy<List<(string Name, string Path)>> aliases;

    /// <summary>Lists a folder.</summary>
    /// <exception cref="LowrankException">There is no such folder.</exception>
    public AdapterFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new LowrankException($"There is no folder of adapters at {folder}.");
        this.folder = folder;
        files =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(path => endings.Contains(Path.GetExtension(path).ToLowerInvariant()))
                .Order(StringComparer.Ordinal).Select(path => (Path.GetFileNameWithoutExtension(path), path)),
        ];
        aliases = new(() => [.. files.Select(file => (AliasOf(file.Path) ?? file.Name, file.Path))]);
    }

    /// <summary>Names of the files, without ending.</summary>
    public IReadOnlyList<string> Names => [.. files.Select(file => file.Name).Distinct()];

    /// <summary>The file of a name; null where there is none.</summary>
    /// <param name="name">The name, in upper and lower case as it is.</param>
    /// <param name="takesLast">Whether of several files the last by path is taken, as the web UI does.</param>
    /// <exception cref="LowrankException">Several files have the name.</exception>
    public string? TryFind(string name, bool takesLast = false)
    {
        string[] named = [.. files.Where(file => file.Name == name).Select(file => file.Path)];
        if (named.Length == 0) named = [.. aliases.Value.Where(file => file.Name == name).Select(file => file.Path)];
        if (named.Length <= 1 || takesLast) return named.LastOrDefault();
        throw new LowrankException($"Several adapters are named \"{name}\": {string.Join(", ", named)}. Give one of them another name.");
    }

    /// <summary>The file of a name.</summary>
    /// <exception cref="LowrankException">There is none, the nearest names are told; or several files have it.</exception>
    public string Find(string name) => TryFind(name) ?? throw new LowrankException(
        $"There is no adapter \"{name}\" in {folder}, by its file's name or its maker's (ss_output_name). " + (files.Count == 0
            ? "The folder holds no adapters at all."
            : NearestNames.Sentence(name, Names)));

    /// <summary>The adapters that a prompt's tags name, in order.</summary>
    /// <param name="tags">The tags.</param>
    /// <param name="missing">Told the names that have no file; null makes each an error.</param>
    /// <param name="seed">Settles weights of blocks that are left to chance.</param>
    /// <exception cref="LowrankException">A name has no file, or several.</exception>
    public IReadOnlyList<TaggedAdapter> Choose(IEnumerable<AdapterTag> tags, ICollection<string>? missing = null, long seed = 0)
    {
        var chosen = new List<TaggedAdapter>();
        foreach (var tag in tags)
        {
            string? path = missing is null ? Find(tag.Name) : TryFind(tag.Name, takesLast: true);
            if (path is not null) chosen.Add(new(path, tag, tag.IsByChance ? seed : 0));
            else missing!.Add(tag.Name);
        }
        return chosen;
    }

    static string? AliasOf(string path)
    {
        // Of a pickle the web UI knows no metadata.
        if (!path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)) return null;
        using var file = Containers.Open(path);
        return file.Metadata.GetValueOrDefault("ss_output_name");
    }
}

namespace Lowrank.Graphs;

/// <summary>Where a graph's files lie, in ComfyUI's layout.</summary>
public sealed record GraphFolders
{
    const string ModelIndex = "model_index.json";

    static readonly string[] weightEndings = [".ckpt", ".pt", ".pt2", ".bin", ".pth", ".safetensors", ".pkl", ".sft"];

    /// <summary>The folder that holds checkpoints, loras, embeddings, ... under these names.</summary>
    public string Models { get; init; } = "models";

    /// <summary>Pictures and latents that graphs load.</summary>
    public string Input { get; init; } = "input";

    /// <summary>Where pictures and latents are saved.</summary>
    public string Output { get; init; } = "output";

    /// <summary>Where previews are saved.</summary>
    public string Temporary { get; init; } = "temp";

    /// <summary>Names of the weight files in a folder of <see cref="Models"/>, with those in folders under it, in Python's order.</summary>
    public IReadOnlyList<string> Weights(string folder) =>
        [.. Files(Path.Combine(Models, folder)).Where(name => weightEndings.Contains(Path.GetExtension(name).ToLowerInvariant()))];

    /// <summary>
    /// Names of the model folders in the layout of diffusers: those under "diffusers", as ComfyUI has them, and those in
    /// <see cref="Models"/> itself.
    /// </summary>
    public IReadOnlyList<string> ModelFolders =>
    [
        .. Files(DiffusersRoot).Where(name => Path.GetFileName(name) == ModelIndex)
            .Select(name => Path.GetDirectoryName(name)!.Replace('\\', '/'))
            .Concat(Subfolders(Models).Where(name => File.Exists(Path.Combine(Models, name, ModelIndex))))
            .Distinct(),
    ];

    /// <summary>The path of a model folder of that name; one under "diffusers" goes before one in <see cref="Models"/> itself.</summary>
    public string ModelFolder(string name)
    {
        string usual = Path.Combine(DiffusersRoot, name);
        return Directory.Exists(usual) ? usual : Path.Combine(Models, name);
    }

    /// <summary>Names of the files in the input folder itself.</summary>
    public IReadOnlyList<string> Inputs =>
        Directory.Exists(Input) ? [.. Directory.EnumerateFiles(Input).Select(Path.GetFileName).Order(StringComparer.Ordinal)!] : [];

    /// <summary>The path of a weight file.</summary>
    /// <param name="folder">The folder of <see cref="Models"/>.</param>
    /// <param name="name">Its name there.</param>
    /// <exception cref="LowrankException">There is none; the message says what there is.</exception>
    public string Weight(string folder, string name)
    {
        string root = Path.Combine(Models, folder), path = Path.Combine(root, name);
        if (File.Exists(path)) return path;
        var known = Weights(folder);
        throw new LowrankException(known.Count == 0
            ? $"{name} is not there: {Path.GetFullPath(root)} holds no weight files. " +
                "Give the folder that has checkpoints, loras, ... in it."
            : $"{name} is not in {Path.GetFullPath(root)}. {NearestNames.Sentence(name, known)}");
    }

    /// <summary>
    /// The path of a file in the input folder; a name that ends in [output], [input] or [temp] is looked for in that folder.
    /// </summary>
    public string InputPath(string name)
    {
        var (folder, bare) = InputPlace(name);
        return Path.Combine(folder, bare);
    }

    /// <summary>Why a name stands for no file of the folders that <see cref="InputPath"/> looks into; null if it may.</summary>
    public string? WhyNotInput(string name)
    {
        var (folder, bare) = InputPlace(name);
        return PlaceInFolder.WhyNot(folder, bare, folder == Output ? "output" : folder == Temporary ? "temporary" : "input");
    }

    (string Folder, string Name) InputPlace(string name)
    {
        foreach (var (ending, folder) in new[] { ("[output]", Output), ("[input]", Input), ("[temp]", Temporary) })
            if (name.EndsWith(ending, StringComparison.Ordinal)) return (folder, name[..^ending.Length].TrimEnd());
        return (Input, name);
    }

    string DiffusersRoot => Path.Combine(Models, "diffusers");

    static IEnumerable<string> Subfolders(string root) => Directory.Exists(root)
        ? Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        : [];

    static IEnumerable<string> Files(string root) => Directory.Exists(root)
        ? Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/')).Order(StringComparer.Ordinal)
        : [];
}

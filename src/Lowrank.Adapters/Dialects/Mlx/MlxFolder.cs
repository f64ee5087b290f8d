namespace Lowrank.Adapters;

/// <summary>An adapter of mlx-lm, opened: the tensors of adapters.safetensors, or of a numbered one, and its adapter_config.json.</summary>
/// <param name="weights">The tensors; taken over.</param>
/// <param name="config">The configuration.</param>
/// <param name="place">The folder, or the file where that was named.</param>
/// <param name="others">Files of other steps of the training beside it.</param>
sealed class MlxFolder(ITensorFile weights, MlxConfig config, string place, IReadOnlyList<string> others) : TensorFileView(weights)
{
    /// <summary>The name of the tensors' file, with which names of those of earlier steps end, and that of the configuration's.</summary>
    public const string Weights = "adapters.safetensors", Settings = PeftFolder.Settings;

    // The container of before March 2024.
    const string Older = "adapters.npz";

    /// <summary>Opens a folder of mlx-lm, or a file of tensors in one; null where it is none.</summary>
    /// <exception cref="LowrankException">It is one, and has no tensors that can be read.</exception>
    public static MlxFolder? Open(string path)
    {
        bool isFolder = Directory.Exists(path);
        if (!isFolder && !(File.Exists(path) && path.EndsWith(Weights, StringComparison.Ordinal))) return null;
        string folder = isFolder ? path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        if (isFolder) RefuseWithoutConfig(folder);
        if (ConfigIn(folder) is not { } config) return null;
        string file = isFolder ? Weights : System.IO.Path.GetFileName(path), place = System.IO.Path.Combine(folder, file);
        var others = OthersIn(folder, file);
        if (!File.Exists(place)) throw new LowrankException(Missing(folder, others));
        return new(Containers.Open(place), config, path, others);
    }

    static void RefuseWithoutConfig(string folder)
    {
        bool isAlone = File.Exists(System.IO.Path.Combine(folder, Weights)) && !File.Exists(System.IO.Path.Combine(folder, Settings));
        if (isAlone)
            throw new LowrankException($"{folder} holds mlx-lm's {Weights}, and no {Settings} beside it, which tells the scale: put it " +
                "there, or give the file by its own path if it is another program's.");
    }

    /// <summary>Files of tensors in a folder beside one, in the order of their names: those of other steps of the training.</summary>
    public static IReadOnlyList<string> OthersIn(string folder, string file) =>
        [.. Directory.EnumerateFiles(folder, "*" + Weights).Select(one => System.IO.Path.GetFileName(one)).Where(one => one != file)
            .Order(StringComparer.Ordinal)];

    static string Missing(string folder, IReadOnlyList<string> steps)
    {
        string what = $"{folder} has the configuration of an adapter of mlx-lm, and no {Weights}";
        if (steps.Count > 0) return $"{what}, but of steps of the training: {string.Join(", ", steps)}. Name the file of one of them.";
        return File.Exists(System.IO.Path.Combine(folder, Older))
            ? $"{what} but {Older}, which mlx-lm wrote until March 2024 and is not read here. Load and save it with mlx: " +
                $"mx.save_safetensors(\"{Weights}\", mx.load(\"{Older}\"))."
            : $"{what}. Is the folder a whole one?";
    }

    /// <summary>The configuration in a folder; null where it has none, or another program's.</summary>
    public static MlxConfig? ConfigIn(string folder)
    {
        var json = JsonFile.ObjectIfThere(System.IO.Path.Combine(folder, Settings));
        if (json is { } told && MlxConfig.Is(told)) return new(told);
        if (json is not { } other || other.TryGetProperty("peft_type", out _)) return null;
        return File.Exists(System.IO.Path.Combine(folder, Weights)) ? new(other) : null;
    }

    /// <summary>What adapter_config.json tells.</summary>
    public MlxConfig Config => config;

    /// <summary>Files of other steps of the training beside it.</summary>
    public IReadOnlyList<string> Others => others;

    /// <inheritdoc/>
    public override string Path => place;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata { get; } =
        weights.Metadata.Concat(config.Metadata()).DistinctBy(field => field.Key).ToDictionary();
}

using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>A PEFT folder, opened: the tensors of adapter_model.safetensors (or .bin) and the content of adapter_config.json.</summary>
public sealed class PeftFolder : TensorFileView, IPeftConfigured
{
    /// <summary>The name of the tensors' file.</summary>
    public const string Weights = "adapter_model.safetensors";

    /// <summary>The name of the configuration's file.</summary>
    public const string Settings = "adapter_config.json";

    // The tensors' file of older versions.
    const string Pickled = "adapter_model.bin";

    /// <summary>Tensors and configuration from anywhere.</summary>
    /// <param name="weights">The tensors; taken over.</param>
    /// <param name="config">adapter_config.json's content.</param>
    public PeftFolder(ITensorFile weights, JsonElement config) : base(weights)
    {
        Config = new PeftConfig(config);
        var fields = weights.Metadata.Concat(PeftCarriedFields.Of(Config)).Concat(Config.Along());
        Metadata = fields.DistinctBy(field => field.Key).ToDictionary();
    }

    /// <summary>Opens a folder, or the folder in which a file named adapter_model lies.</summary>
    /// <exception cref="LowrankException">A file lacks or is damaged.</exception>
    public static PeftFolder Open(string path)
    {
        string folder = Directory.Exists(path) ? path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        string settings = System.IO.Path.Combine(folder, Settings);
        if (WeightsIn(folder) is not { } tensors) throw new LowrankException(Lacking(folder, File.Exists(settings)));
        if (!File.Exists(settings)) throw new LowrankException($"{folder} is no PEFT folder: it holds {Weights}, and no {Settings}");
        var config = JsonFile.Object(settings);
        return new PeftFolder(Containers.Open(tensors), config) { Folder = folder };
    }

    static string Lacking(string folder, bool hasSettings)
    {
        if (hasSettings) return $"{folder} holds {Settings}, and neither {Weights} nor {Pickled}. Is the folder a whole one?";
        string none = $"{folder} holds no adapter: neither {Settings} with {Weights}, nor another program's";
        return File.Exists(System.IO.Path.Combine(folder, "config.json"))
            ? $"{none}. It holds config.json, as a model's folder does: is it a model?"
            : $"{none}. An adapter that is a single file is given by the file's own path.";
    }

    /// <summary>The tensors' file in a folder; null where it has none.</summary>
    public static string? WeightsIn(string folder) =>
        new[] { Weights, Pickled }.Select(file => System.IO.Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    /// <summary>Whether <see cref="Open"/> is what opens a path: a folder, or PEFT's tensors with the configuration beside them.</summary>
    public static bool Is(string path) => Directory.Exists(path)
        || System.IO.Path.GetFileNameWithoutExtension(path) == "adapter_model"
           && File.Exists(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, Settings));

    /// <summary>Whether a folder holds PEFT's configuration.</summary>
    public static bool IsFolder(string path) => File.Exists(System.IO.Path.Combine(path, Settings));

    /// <summary>What adapter_config.json tells.</summary>
    public PeftConfig Config { get; }

    IEnumerable<PeftConfig> IPeftConfigured.Configs => [Config];

    (PeftConfig Config, string Path)? IPeftConfigured.ConfigAt(string path) => (Config, path);

    /// <summary>The folder; null for tensors and configuration from elsewhere.</summary>
    internal string? Folder { get; init; }

    /// <inheritdoc/>
    public override string Path => Folder ?? base.Path;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Further adapters in folders within this one, as PEFT saves a model with several.</summary>
    internal IReadOnlyList<string> Others => Folder is null
        ? []
        : [.. Directory.EnumerateDirectories(Folder).Where(IsFolder).Select(one => System.IO.Path.GetFileName(one))
            .Order(StringComparer.Ordinal)];
}

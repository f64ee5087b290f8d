namespace Lowrank.Workbench;

/// <summary>What AUTOMATIC1111 knows of an adapter file before it applies it.</summary>
/// <param name="Name">The file's name without ending.</param>
/// <param name="Alias">What its maker called it (ss_output_name), else the name.</param>
/// <param name="Hash">Its maker's sshs_model_hash, else the SHA-256 over the tensor data, of other files than safetensors over all.</param>
/// <param name="Generation">"SD1", "SD2" or "SDXL" where it has metadata, else "Unknown".</param>
/// <remarks>Source: extensions-builtin/Lora/network.py at 82a973c (1.10.1).</remarks>
public sealed record WebUiAdapter(string Name, string Alias, string Hash, string Generation)
{
    /// <summary>The 12 digits by which texts of pictures tell files apart.</summary>
    public string ShortHash => Hash.Length > ShortLength ? Hash[..ShortLength] : Hash;

    const int ShortLength = 12;

    /// <summary>What a prompt is to call it: the alias, unless several files have it or it means no adapter.</summary>
    /// <param name="ambiguous">Aliases, in small letters, that several files have.</param>
    public string Shown(IReadOnlySet<string> ambiguous)
    {
        string small = Alias.ToLowerInvariant();
        return small == "none" || ambiguous.Contains(small) ? Name : Alias;
    }

    /// <summary>Looks at a file; without a hash of its maker's it is read whole.</summary>
    /// <exception cref="LowrankException">It is missing or damaged.</exception>
    public static WebUiAdapter Of(string path)
    {
        using var file = Containers.Open(path);
        bool isSafe = file.Container == "safetensors";
        var metadata = isSafe ? file.Metadata : new Dictionary<string, string>();
        string name = Path.GetFileNameWithoutExtension(path);
        string? written = metadata.GetValueOrDefault("sshs_model_hash");
        string hash = written is { Length: > 0 } ? written : isSafe ? HashOfTensors(path) : FileSha256.Of(path);
        return new(name, metadata.GetValueOrDefault("ss_output_name") ?? name, hash, GenerationOf(metadata));
    }

    static string HashOfTensors(string path)
    {
        using var bytes = File.OpenRead(path);
        return KohyaHashes.Of(bytes).ModelHash;
    }

    static string GenerationOf(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault("ss_base_model_version")?.StartsWith("sdxl_", StringComparison.Ordinal) == true) return "SDXL";
        if (metadata.GetValueOrDefault("ss_v2") == "True") return "SD2";
        return metadata.Count > 0 ? "SD1" : "Unknown";
    }
}

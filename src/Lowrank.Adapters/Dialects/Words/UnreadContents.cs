namespace Lowrank.Adapters;

/// <summary>Names in keys that tell of what is not known here: for an error that says so.</summary>
static class UnreadContents
{
    static readonly (string Mark, string Content)[] marks =
    [
        ("bundle_emb.", "bundled embeddings"),
    ];

    /// <summary>What a key tells of, or null.</summary>
    public static string? Of(string key) => marks.FirstOrDefault(m => key.Contains(m.Mark, StringComparison.Ordinal)).Content;

    /// <summary>What a folder with a configuration beside tensors is that is not read; null for any other.</summary>
    public static string? OfFolder(string folder)
    {
        bool Has(string file) => File.Exists(Path.Combine(folder, file));
        return Has("adapters.safetensors") && !Has("adapter_model.safetensors") ? Mlx : null;
    }

    /// <summary>What a file is of which no dialect knows the keys, by those keys; null where they do not tell.</summary>
    public static string? OfKeys(IEnumerable<string> keys) =>
        keys.Any(IsOfMlx) ? Mlx : null;

    static bool IsOfMlx(string key) =>
        key.EndsWith(".lora_a", StringComparison.Ordinal) || key.EndsWith(".lora_b", StringComparison.Ordinal);

    const string Mlx =
        "is an adapter of mlx-lm, which is not read: its factors are turned (inputs, rank) and its scale stands in its own " +
        "adapter_config.json. Export it as PEFT's: transpose lora_a and lora_b, lora_alpha = scale times rank";
}

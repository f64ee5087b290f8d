using System.Text.Json;
using Lowrank.Language;
using Lowrank.Testing;

namespace Goldens;

/// <summary>Where the files of a tokenizer's case lie: in its folder, or among the models that the shared folder has.</summary>
static class TokenizerSources
{
    /// <summary>The tokenizer of a case.</summary>
    public static LoadedTokenizer Of(string group, JsonElement golden)
    {
        string folder = Path.Combine(group, golden.GetProperty("folder").GetString()!);
        if (!golden.TryGetProperty("files", out var files)) return Tokenizers.Load(folder);
        // "vocab.json and merges.txt of GPT-2 lie in shared/models/gpt2-tokenizer", "shared/models/NAME/*.gguf"
        string told = files.GetString()!;
        string name = told[(told.IndexOf("models/", StringComparison.Ordinal) + "models/".Length)..].Split('/')[0];
        string path = Model(name) ?? throw Golden.NotCovered($"models/{name} does not lie beside the goldens");
        return told.Contains("gguf", StringComparison.Ordinal)
            ? Tokenizers.Load(Directory.EnumerateFiles(path, "*.gguf").Single())
            : Tokenizers.Load(path);
    }

    /// <summary>A model's folder, beside the goldens or above them; null where there is none.</summary>
    public static string? Model(string name)
    {
        for (string? at = GoldenFolder.Root; at is not null; at = Path.GetDirectoryName(at))
            if (Path.Combine(at, "models", name) is var path && Directory.Exists(path)) return path;
        return null;
    }
}

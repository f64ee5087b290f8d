using System.Text;

namespace Lowrank.Language;

/// <summary>Loads tokenizers from folders, files and containers.</summary>
public static class Tokenizers
{
    /// <summary>The tokenizer of a folder, or of one of its files.</summary>
    /// <param name="path">A folder, which is looked through for tokenizer.json, a SentencePiece model, vocab.json and merges.txt, and
    /// vocab.txt, in this order; or one of these files, which is then read as it stands alone; or a GGUF file.</param>
    /// <exception cref="LowrankException">There is none, or a part of it is not understood.</exception>
    public static LoadedTokenizer Load(string path)
    {
        try
        {
            return Directory.Exists(path) ? TokenizerFolder.Load(path) : OfFile(path);
        }
        catch (LowrankException error) when (!error.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new LowrankException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Whether a folder holds the files of a tokenizer.</summary>
    /// <param name="path">The folder; anything else holds none.</param>
    public static bool AreIn(string path) => Directory.Exists(path) && TokenizerFolder.IsIn(path);

    /// <summary>The chat templates that lie in a folder or a GGUF file, by name; none where there are none. The tokenizer beside them is
    /// not looked at.</summary>
    /// <param name="path">The folder, or the file, which ends in .gguf; anything else holds none.</param>
    /// <exception cref="LowrankException">The configuration beside them, or the file, is damaged.</exception>
    public static IReadOnlyDictionary<string, string> TemplatesIn(string path)
    {
        if (Directory.Exists(path)) return TokenizerSettings.Read(path).ChatTemplates;
        bool isGguf = path.EndsWith(".gguf", StringComparison.Ordinal) && File.Exists(path);
        if (!isGguf) return new Dictionary<string, string>();
        using var file = Gguf.Open(path);
        return TemplatesOf(file.Entries);
    }

    static LoadedTokenizer OfFile(string path)
    {
        if (!File.Exists(path)) throw new LowrankException($"{path} is no folder and no file. Give a tokenizer's folder, or its file.");
        bool isNamedSo = path.EndsWith(".gguf", StringComparison.Ordinal);   // then what is wrong with it is told as of such a file
        if (!isNamedSo && !IsGguf(path)) return TokenizerFolder.LoadFile(path);
        using var file = Gguf.Open(path);
        return FromGguf(file.Entries) with { Files = [path] };
    }

    static bool IsGguf(string path)
    {
        FileKind.RequireRegular(path);
        using var stream = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        return stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("GGUF"u8);
    }

    /// <summary>A tokenizer of tiktoken's ranks.</summary>
    /// <param name="path">The file: on every line a token's bytes in base64 and its id.</param>
    /// <param name="pattern">The regex that splits a text, which does not stand in the file.</param>
    /// <param name="specialTokens">Control tokens and their ids, which do not either.</param>
    /// <exception cref="LowrankException">The file or the regex is not understood.</exception>
    public static LoadedTokenizer LoadTiktoken(string path, string pattern, IReadOnlyCollection<KeyValuePair<string, int>> specialTokens) =>
        TokenizerFolder.Made(TiktokenFile.Read(path, pattern, specialTokens), "tiktoken", [path], new(), []);

    /// <summary>A tokenizer of the text of a tokenizer.json.</summary>
    /// <exception cref="LowrankException">A part is not understood, which is named.</exception>
    public static TextTokenizer FromJson(string json) =>
        new(TokenizerBytes.ReadJson(
            Encoding.UTF8.GetBytes(json), TokenizerFolder.Json, document => TokenizerJson.Read(document, TokenizerFolder.Json)));

    /// <summary>The tokenizer of a GGUF file, as llama.cpp reads it.</summary>
    /// <param name="metadata">The file's metadata.</param>
    /// <exception cref="LowrankException">A key is missing, or tells what is not understood.</exception>
    public static LoadedTokenizer FromGguf(GgufMetadata metadata)
    {
        var tokenizer = new TextTokenizer(GgufTokenizer.Read(metadata));
        return new LoadedTokenizer(tokenizer, "GGUF")
        {
            ChatTemplates = TemplatesOf(metadata), SpecialTexts = TokenizerFolder.TextsOf(tokenizer),
        };
    }

    static Dictionary<string, string> TemplatesOf(GgufMetadata metadata)
    {
        var templates = new Dictionary<string, string>(StringComparer.Ordinal);
        const string key = "tokenizer.chat_template";
        if (metadata.Text(key) is { } template) templates["default"] = template;
        foreach (string name in metadata.Array(key + "s")?.Texts() ?? [])
            if (metadata.Text($"{key}.{name}") is { } named) templates[name] = named;
        return templates;
    }
}

using System.Text.Json;

namespace Lowrank.Language;

/// <summary>The vocabulary of a <c>tokenizer.json</c>, as GGUF files hold it.</summary>
static class JsonVocabulary
{
    /// <summary>Its tokens.</summary>
    /// <param name="sources">The folder's files.</param>
    /// <param name="count">Rows of the embedding.</param>
    /// <exception cref="LowrankException">There are none, or more than rows.</exception>
    public static GgufTokens Of(TokenizerSources sources, int count)
    {
        if (TokenizerSources.Field(Model(sources), "vocab") is not { ValueKind: JsonValueKind.Object } vocabulary)
            throw new LowrankException($"{sources.Folder} has neither tokenizer.model nor a {TokenizerFolder.Json} with a vocabulary, " +
                "and a GGUF file holds the tokenizer. Is the folder whole?");
        var tokens = new GgufTokens(count);
        foreach (var token in vocabulary.EnumerateObject())
            tokens.Set(Held(token.Value.GetInt32(), token.Name), token.Name, SentencePieceType.Normal);
        foreach (var token in sources.Added)
        {
            string text = TokenizerSources.Text(token, "content") ?? "";
            int id = Held(TokenizerSources.Count(token, "id") ?? -1, text);
            tokens.SetAdded(id, text, TokenizerSources.Flag(token, "special") == true);
        }
        return tokens;

        int Held(int id, string text) => id >= 0 && id < count ? id : throw new LowrankException(
            $"{sources.Path(TokenizerFolder.Json)} has the token {id}, \"{text}\", and the model has {count} tokens. Is it another " +
            "model's?");
    }

    static JsonElement? Model(TokenizerSources sources) => TokenizerSources.Field(sources.Tokenizer, "model");

    /// <summary>Whether it is of words and their parts, as BERT's.</summary>
    public static bool IsOfWords(TokenizerSources sources) => TokenizerSources.Text(Model(sources), "type") == "WordPiece";

    /// <summary>Whether bytes stand for what is unknown, as in SentencePiece's models.</summary>
    public static bool FallsBackToBytes(TokenizerSources sources) => TokenizerSources.Flag(Model(sources), "byte_fallback") == true;

    /// <summary>BERT's tokens: those that begin a word are marked, those that go on are not.</summary>
    public static GgufTokens OfWords(TokenizerSources sources, int count)
    {
        var tokens = Of(sources, count);
        foreach (var (id, text) in tokens.Texts.ToList().Index())
        {
            if (tokens.TypeOf(id) == SentencePieceType.Control) continue;
            string kept = text.StartsWith("##", StringComparison.Ordinal) ? text[2..] : "\u2581" + text;
            tokens.Set(id, kept, tokens.TypeOf(id));
        }
        return tokens;
    }

    /// <summary>Pairs to merge, a space between; spaces in them are written as the byte alphabet does.</summary>
    public static GgufEntry? Merges(TokenizerSources sources)
    {
        string[] merges = [.. TokenizerSources.List(Model(sources), "merges").Select(Merge)];
        return merges.Length == 0 ? null : new("tokenizer.ggml.merges", new GgufArray(merges));
    }

    static string Merge(JsonElement merge) => merge.ValueKind == JsonValueKind.String ? merge.GetString()!
        : string.Join(' ', merge.EnumerateArray().Select(part => part.GetString()!.Replace(' ', '\u0120')));

    /// <summary>The name of the split under <c>tokenizer.ggml.pre</c>.</summary>
    /// <exception cref="LowrankException">None is known that splits so.</exception>
    public static string SplitOf(TokenizerSources sources)
    {
        var patterns = new List<string>();
        bool isGpt2 = false;
        var first = TokenizerSources.Field(sources.Tokenizer, "pre_tokenizer");
        JsonElement[] parts = TokenizerSources.Text(first, "type") == "Sequence" ? [.. TokenizerSources.List(first, "pretokenizers")]
            : first is { } one ? [one] : [];
        foreach (var part in parts)
            switch (TokenizerSources.Text(part, "type"))
            {
                case "ByteLevel":
                    isGpt2 |= TokenizerSources.Flag(part, "use_regex") ?? true;
                    break;
                case "Digits" when TokenizerSources.Flag(part, "individual_digits") == true:
                    patterns.Add(@"\p{N}");
                    break;
                default:
                    patterns.Add(TokenizerSources.Text(TokenizerSources.Field(part, "pattern"), "Regex") ?? part.GetRawText());
                    break;
            }
        return GgufPreTokenizers.NameOf(patterns, isGpt2) ?? throw new LowrankException(
            $"{sources.Path(TokenizerFolder.Json)} splits texts by {first?.GetRawText() ?? "nothing"}, and llama.cpp has no split of " +
            "that kind with a name here. Convert with llama.cpp, which may know the tokenizer.");
    }
}

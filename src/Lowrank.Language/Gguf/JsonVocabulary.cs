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
            tokens.Set(Held(token.Value, token.Name), token.Name, SentencePieceType.Normal);
        foreach (var token in sources.Added)
        {
            string text = TokenizerSources.Text(token, "content") ?? "";
            int id = Held(TokenizerSources.Field(token, "id"), text);
            tokens.SetAdded(id, text, TokenizerSources.Flag(token, "special") == true);
        }
        return tokens;

        int Held(JsonElement? told, string text)
        {
            int id = told is { } value ? TokenizerSources.Whole(value) ?? -1 : -1;
            if (id >= 0 && id < count) return id;
            throw new LowrankException($"{sources.Path(TokenizerFolder.Json)} has the token {told?.GetRawText() ?? "without a number"}, " +
                $"\"{text}\", and the model has {count} tokens. Is it another model's?");
        }
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
        string[] merges = [.. TokenizerSources.List(Model(sources), "merges").Select(merge => Merge(sources, merge))];
        return merges.Length == 0 ? null : new("tokenizer.ggml.merges", new GgufArray(merges));
    }

    static string Merge(TokenizerSources sources, JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.String) return merge.GetString()!;
        bool isPair = merge.ValueKind == JsonValueKind.Array && merge.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String);
        if (isPair) return string.Join(' ', merge.EnumerateArray().Select(part => part.GetString()!.Replace(' ', '\u0120')));
        throw new LowrankException($"{sources.Path(TokenizerFolder.Json)} has the merge {merge.GetRawText()}, which is no pair of texts. " +
            "Download the file again, or mend it.");
    }

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

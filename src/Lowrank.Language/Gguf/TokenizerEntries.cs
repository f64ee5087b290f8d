namespace Lowrank.Language;

/// <summary>A folder's tokenizer as GGUF files hold it, by llama.cpp's rules for each architecture.</summary>
static class TokenizerEntries
{
    /// <summary>Its keys, in their order.</summary>
    /// <param name="sources">The folder's files; what is not held is noted there.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="LowrankException">There is no tokenizer, or one that GGUF files do not hold.</exception>
    public static IReadOnlyList<GgufEntry> Of(TokenizerSources sources, GgufOutline model)
    {
        int count = model.VocabularySize;
        if (model.Architecture == "bert") return [.. OfBert(sources, model)];
        return model.Architecture switch
        {
            "gpt2" => [.. BytePairs(sources, count)],
            "llama" => [.. PrefixSpace(sources), .. PiecesOrPairs(sources, count)],
            "gemma" or "gemma2" or "gemma3" => [.. Pieces(sources, count), new("tokenizer.ggml.add_space_prefix", false)],
            "phi3" => [.. Pieces(sources, count)],
            _ => [.. PiecesOrPairs(sources, count)],
        };
    }

    static IEnumerable<GgufEntry> PrefixSpace(TokenizerSources sources)
    {
        if (TokenizerSources.Flag(sources.Settings, "add_prefix_space") is { } adds)
            yield return new("tokenizer.ggml.add_space_prefix", adds);
    }

    static IEnumerable<GgufEntry> PiecesOrPairs(TokenizerSources sources, int count) =>
        PieceVocabulary.IsIn(sources) ? Pieces(sources, count) : BytePairs(sources, count);

    static IEnumerable<GgufEntry> Pieces(TokenizerSources sources, int count)
    {
        if (!PieceVocabulary.IsIn(sources))
            throw new LowrankException($"{sources.Folder} has no tokenizer.model, of which a GGUF file of this architecture is made.");
        return [.. PieceVocabulary.Of(sources, count).Entries("llama", "default", hasScores: true), .. SpecialEntries.Of(sources, count)];
    }

    static IEnumerable<GgufEntry> BytePairs(TokenizerSources sources, int count)
    {
        if (JsonVocabulary.FallsBackToBytes(sources))
            throw new LowrankException($"{sources.Path(TokenizerFolder.Json)} is made of a SentencePiece model, whose scores a GGUF file " +
                "holds and it does not. Put the tokenizer.model that it was made of beside it.");
        var tokens = JsonVocabulary.Of(sources, count);
        string split = JsonVocabulary.SplitOf(sources);
        if (TokenizerSources.Field(sources.Tokenizer, "normalizer") is { } normalizer)
            sources.Notes.Add($"the tokenizer's normalizer {TokenizerSources.Text(normalizer, "type")} is not held by GGUF files: " +
                "llama.cpp takes texts as they are.");
        List<GgufEntry> entries = [.. tokens.Entries("gpt2", split, hasScores: false)];
        if (JsonVocabulary.Merges(sources) is { } merges) entries.Add(merges);
        return [.. entries, .. SpecialEntries.Of(sources, null)];
    }

    // RoBERTa's tokenizer is GPT-2's, and the number of types stands at the end.
    static IEnumerable<GgufEntry> OfBert(TokenizerSources sources, GgufOutline model)
    {
        int count = model.VocabularySize;
        var types = new GgufEntry("tokenizer.ggml.token_type_count", (uint)(model.Types ?? 1));
        if (!JsonVocabulary.IsOfWords(sources)) return [.. BytePairs(sources, count), types];
        var tokens = JsonVocabulary.OfWords(sources, count);
        return [types, .. tokens.Entries("bert", "bert-bge", hasScores: false), .. SpecialEntries.Of(sources, count)];
    }
}

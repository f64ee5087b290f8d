namespace Lowrank.Language;

/// <summary>A tokenizer of <c>vocab.json</c> and <c>merges.txt</c>: GPT-2's kind, or CLIP's where words end in <c>&lt;/w&gt;</c>.</summary>
static class BytePairFiles
{
    const string EndOfWord = "</w>";
    const string ClipWords = @"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    /// <summary>The parts of a tokenizer.</summary>
    /// <param name="vocabularyPath">The file of tokens.</param>
    /// <param name="mergesPath">The file of merges.</param>
    /// <param name="addsPrefixSpace">Whether a space goes in front of a text.</param>
    /// <param name="named">The control tokens that a configuration names.</param>
    public static TokenizerParts Read(
        string vocabularyPath, string mergesPath, bool addsPrefixSpace, Func<Vocabulary, IReadOnlyList<AddedToken>> named)
    {
        var vocabulary = new Vocabulary(TokenizerBytes.ReadJson(vocabularyPath, json => Entries(json, vocabularyPath)));
        var lines = TokenizerBytes.LinesOf(mergesPath)
            .Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal));
        var merges = lines.Select(line => MergeTable.Pair(line, vocabulary, mergesPath)).ToList();
        bool isClip = merges.Exists(merge => vocabulary.Token(merge.Right)!.EndsWith(EndOfWord, StringComparison.Ordinal));
        IReadOnlyList<AddedToken> added = named(vocabulary);
        if (added.Count == 0) added = Unreached(vocabulary, merges);
        var model = new BytePairModel(vocabulary, merges, new BytePairOptions
        {
            EndOfWordSuffix = isClip ? EndOfWord : "",
            UnknownToken = isClip && vocabulary.Id("<|endoftext|>") is not null ? "<|endoftext|>" : null,
            Control = added.Where(token => token.IsSpecial).Select(token => token.Id).ToHashSet(),
        });
        var parts = new TokenizerParts(model) { Added = added, Decoder = new ByteLevelDecoder() };
        if (!isClip)
            return parts with
            {
                PreTokenizer = new ByteLevelPreTokenizer(addsPrefixSpace, splits: true),
                PostProcessor = new ByteLevelProcessor(trimsOffsets: false, addsPrefixSpace),
            };
        return parts with
        {
            Normalizer = new SequenceNormalizer([new FormNormalizer(composed: true, compatible: false),
                new ReplaceNormalizer(new RegexPattern(@"\s+"), " "), new LowercaseNormalizer()]),
            PreTokenizer = new SequencePreTokenizer(
            [
                new PatternPreTokenizer(new RegexPattern(ClipWords), SplitBehavior.Removed, invert: true),
                new ByteLevelPreTokenizer(addPrefixSpace: false, splits: true),
            ]),
            EndOfWordSuffix = EndOfWord,
        };
    }

    static List<(string, int)> Entries(System.Text.Json.JsonElement json, string path)
    {
        var entries = new List<(string, int)>();
        foreach (var entry in json.EnumerateObject())
            entries.Add(entry.Value.ValueKind == System.Text.Json.JsonValueKind.Number && entry.Value.TryGetInt32(out int id)
                ? (entry.Name, id)
                : throw new LowrankException($"{path} gives \"{entry.Name}\" no whole number as its id. Download the file again."));
        return entries;
    }

    // Without a configuration: tokens in brackets that no merge makes are control tokens.
    static List<AddedToken> Unreached(Vocabulary vocabulary, List<(int Left, int Right)> merges)
    {
        var made = merges.Select(merge => vocabulary.Token(merge.Left) + vocabulary.Token(merge.Right)).ToHashSet(StringComparer.Ordinal);
        var unreached = new List<AddedToken>();
        for (int id = 0; id < vocabulary.Size; id++)
        {
            string token = vocabulary.Token(id) ?? "";
            bool isBracketed = token.Length > 2 && (token[0], token[^1]) is ('<', '>') or ('[', ']');
            if (isBracketed && token != EndOfWord && !made.Contains(token)) unreached.Add(new AddedToken(id, token) { IsSpecial = true });
        }
        return unreached;
    }
}

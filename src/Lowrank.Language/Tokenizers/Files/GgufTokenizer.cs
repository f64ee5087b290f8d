namespace Lowrank.Language;

/// <summary>Makes a tokenizer of GGUF's metadata, as llama.cpp reads them.</summary>
static class GgufTokenizer
{
    const string Keys = "tokenizer.ggml.";

    // Tokens that end a turn and that llama.cpp takes for control tokens whatever the file says of them.
    static readonly HashSet<string> ends = new(StringComparer.Ordinal)
    {
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|calls|>", "<end_of_turn>", "<|endoftext|>", "<|eom_id|>",
        "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>", "<eos>", "</s>", "<|fim_prefix|>", "<|fim_suffix|>",
        "<|fim_middle|>", "<|fim_pad|>", "<|fim_rep|>", "<|fim_sep|>",
    };

    /// <summary>The parts of a tokenizer.</summary>
    /// <exception cref="LowrankException">A key is missing, or tells what is not understood.</exception>
    public static TokenizerParts Read(GgufMetadata metadata)
    {
        string model = metadata.Text(Keys + "model")
            ?? throw new LowrankException("The GGUF file has no tokenizer.ggml.model: it holds no tokenizer. Is it an adapter?");
        var pieces = Pieces(metadata);
        return model switch
        {
            "llama" => SentencePieceBpe(metadata, pieces),
            "t5" => Unigram(metadata, pieces),
            "gpt2" => BytePairs(metadata, pieces),
            "bert" => WordPiece(metadata, pieces),
            _ => throw new LowrankException($"The GGUF file's tokenizer.ggml.model is \"{model}\"; known are llama, t5, gpt2, bert. " +
                "Load the tokenizer from the model's own folder."),
        };
    }

    static List<SentencePiece> Pieces(GgufMetadata metadata)
    {
        var tokens = metadata.Array(Keys + "tokens")?.Texts() ?? throw Missing("tokens");
        var (scores, types) = (metadata.Array(Keys + "scores")?.Floats(), metadata.Array(Keys + "token_type")?.Integers());
        foreach (var (name, count) in new[] { ("scores", scores?.Length), ("token_type", types?.Length) })
            if (count is { } told && told < tokens.Count)
                throw new LowrankException($"The GGUF file has {tokens.Count} tokens and {told} of tokenizer.ggml.{name}. Is it whole?");
        var pieces = new List<SentencePiece>(tokens.Count);
        for (int id = 0; id < tokens.Count; id++)
        {
            var type = types is null ? SentencePieceType.Normal : (SentencePieceType)types[id];
            bool isMisnamed = type is SentencePieceType.Normal or SentencePieceType.UserDefined && ends.Contains(tokens[id]);
            pieces.Add(new(tokens[id], (float)(scores?[id] ?? 0), isMisnamed ? SentencePieceType.Control : type));
        }
        return pieces;
    }

    static LowrankException Missing(string name) => new($"The GGUF file has no {Keys}{name}. Is it whole?");

    static List<AddedToken> Added(List<SentencePiece> pieces)
    {
        var added = new List<AddedToken>();
        for (int id = 0; id < pieces.Count; id++)
        {
            bool isControl = pieces[id].Type is SentencePieceType.Control or SentencePieceType.Unknown;
            if (isControl || pieces[id].Type == SentencePieceType.UserDefined)
                added.Add(new AddedToken(id, pieces[id].Text) { IsSpecial = isControl });
        }
        return added;
    }

    static HashSet<int> Control(IEnumerable<AddedToken> added) => [.. added.Where(token => token.IsSpecial).Select(token => token.Id)];

    static SpecialTokens Specials(GgufMetadata metadata, SpecialTokens otherwise) => new()
    {
        Begin = IdOf(metadata, "bos_token_id") ?? otherwise.Begin,
        End = IdOf(metadata, "eos_token_id") ?? otherwise.End,
        Pad = IdOf(metadata, "padding_token_id") ?? otherwise.Pad,
        Unknown = IdOf(metadata, "unknown_token_id") ?? otherwise.Unknown,
        // The key has been misspelled since it was first written; some programs mended it.
        Separator = IdOf(metadata, "seperator_token_id") ?? IdOf(metadata, "separator_token_id") ?? otherwise.Separator,
        Class = IdOf(metadata, "cls_token_id") ?? otherwise.Class,
        Mask = IdOf(metadata, "mask_token_id") ?? otherwise.Mask,
    };

    // 2^32 − 1 says that there is none.
    static int? IdOf(GgufMetadata metadata, string name) =>
        metadata.Integer(Keys + name) is { } id && id is >= 0 and < int.MaxValue ? (int)id : null;

    static TemplateProcessor? Ends(GgufMetadata metadata, int? begin, int? end, bool addsBegin, bool addsEnd)
    {
        addsBegin = metadata.Flag(Keys + "add_bos_token") ?? addsBegin;
        addsEnd = metadata.Flag(Keys + "add_eos_token") ?? addsEnd;
        if (!addsBegin && !addsEnd) return null;
        return TemplateProcessor.Around(addsBegin && begin is { } first ? [first] : [], addsEnd && end is { } last ? [last] : []);
    }

    static TokenizerParts SentencePieceBpe(GgufMetadata metadata, List<SentencePiece> pieces)
    {
        bool addsSpace = metadata.Flag(Keys + "add_space_prefix") ?? true;
        var specials = Specials(metadata, new SpecialTokens { Begin = 1, End = 2, Unknown = 0 });
        var scheme = addsSpace ? PrependScheme.Always : PrependScheme.Never;
        return new TokenizerParts(SentencePieceParts.Model(pieces, isUnigram: false, fallsBackToBytes: true))
        {
            Added = Added(pieces),
            Normalizer = new SentencePieceNormalizer(new(null, scheme, false, false, new WordTrie([]))),
            PostProcessor = Ends(metadata, specials.Begin, specials.End, addsBegin: true, addsEnd: false),
            Decoder = SentencePieceParts.Decoder(addsSpace),
            Specials = specials,
        };
    }

    static TokenizerParts Unigram(GgufMetadata metadata, List<SentencePiece> pieces)
    {
        bool addsSpace = metadata.Flag(Keys + "add_space_prefix") ?? true;
        bool removes = metadata.Flag(Keys + "remove_extra_whitespaces") ?? true;
        var specials = Specials(metadata, new SpecialTokens { End = 1, Pad = 0, Unknown = 2 });
        var map = metadata.Array(Keys + "precompiled_charsmap")?.Integers() is { Length: > 0 } bytes
            ? new CharacterMap(bytes.Select(value => (byte)value).ToArray())
            : null;
        var scheme = addsSpace ? PrependScheme.Always : PrependScheme.Never;
        return new TokenizerParts(SentencePieceParts.Model(pieces, isUnigram: true, fallsBackToBytes: false))
        {
            Added = Added(pieces),
            Normalizer = new SentencePieceNormalizer(new(map, scheme, removes, false, new WordTrie([]))),
            PostProcessor = Ends(metadata, specials.Begin, specials.End, addsBegin: false, addsEnd: true),
            Decoder = SentencePieceParts.Decoder(addsSpace),
            Specials = specials,
        };
    }

    static TokenizerParts BytePairs(GgufMetadata metadata, List<SentencePiece> pieces)
    {
        var split = GgufPreTokenizers.Of(metadata.Text(Keys + "pre") ?? "default");
        var added = Added(pieces);
        var specials = Specials(metadata, new());
        var merges = metadata.Array(Keys + "merges")?.Texts() ?? throw Missing("merges");
        var vocabulary = new Vocabulary([.. pieces.Select((piece, id) => (piece.Text, id))]);
        var options = new BytePairOptions { IgnoresMerges = split.IgnoresMerges, Control = Control(added) };
        int? end = split.AddsEnds ? specials.Separator ?? specials.End : specials.End;
        var pairs = merges.Select(merge => MergeTable.Pair(merge, vocabulary, "The GGUF file")).ToList();
        return new TokenizerParts(new BytePairModel(vocabulary, pairs, options))
        {
            Added = added,
            PreTokenizer = GgufPreTokenizers.Make(split),
            PostProcessor = Ends(metadata, specials.Begin, end, split.AddsBegin || split.AddsEnds, split.AddsEnds),
            Decoder = new ByteLevelDecoder(),
            Specials = specials,
        };
    }

    static TokenizerParts WordPiece(GgufMetadata metadata, List<SentencePiece> pieces)
    {
        var added = Added(pieces);
        var specials = Specials(metadata, new SpecialTokens { Begin = 101, Unknown = 100, Separator = 102, Pad = 0, Mask = 103 });
        var vocabulary = new Vocabulary([.. pieces.Select((piece, id) => (piece.Text, id))]);
        string unknown = vocabulary.Token(specials.Unknown ?? -1) ?? throw Missing("unknown_token_id among its tokens");
        bool lowercase = metadata.Flag(Keys + "normalizer.lowercase") ?? true;
        return new TokenizerParts(new WordPieceModel(vocabulary, unknown, "\u2581", prefixesFirst: true, int.MaxValue, Control(added)))
        {
            Added = added,
            Normalizer = new BertNormalizer(cleanText: true, setsIdeographsApart: true, stripsAccents: lowercase, lowercase),
            PreTokenizer = PreTokenizerJson.Bert(),
            PostProcessor = Ends(metadata, specials.Class ?? specials.Begin, specials.Separator, addsBegin: true, addsEnd: true),
            Decoder = new SequenceDecoder([new ReplaceDecoder(new LiteralPattern("\u2581"), " "), new FuseDecoder(),
                new StripDecoder(' ', 1, 0), new CleanupDecoder()]),
            Specials = specials,
        };
    }
}

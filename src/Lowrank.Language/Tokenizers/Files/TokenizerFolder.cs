namespace Lowrank.Language;

/// <summary>Finds a tokenizer among the files of a folder, and joins it with what the configuration beside it tells.</summary>
static class TokenizerFolder
{
    /// <summary>Names of files.</summary>
    public const string Json = "tokenizer.json", Words = "vocab.txt", Vocabulary = "vocab.json", Merges = "merges.txt";

    static readonly string[] pieceFiles = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"];

    /// <summary>Whether a folder has the files of one.</summary>
    public static bool IsIn(string folder)
    {
        bool Has(string name) => File.Exists(Path.Combine(folder, name));
        return Has(Json) || pieceFiles.Any(Has) || Has(Vocabulary) && Has(Merges) || Has(Words);
    }

    /// <summary>The tokenizer of a folder.</summary>
    /// <exception cref="LowrankException">There is none, or it is not understood.</exception>
    public static LoadedTokenizer Load(string folder)
    {
        var settings = TokenizerSettings.Read(folder);
        var others = Others(folder);
        string json = Path.Combine(folder, Json);
        if (File.Exists(json))
        {
            var parts = WithEnds(TokenizerBytes.ReadJson(json, document => TokenizerJson.Read(document, json)), settings);
            return Made(parts, Json, [json], settings, others);
        }
        foreach (string name in pieceFiles)
        {
            string path = Path.Combine(folder, name);
            if (!File.Exists(path)) continue;
            if (TiktokenFile.Is(path)) throw NeedsPattern(path);
            return OfPieces(path, settings, others);
        }
        if (File.Exists(Path.Combine(folder, Vocabulary)) && File.Exists(Path.Combine(folder, Merges)))
            return Made(BytePairs(folder, settings), $"{Vocabulary} and {Merges}", BothOf(folder), settings, others);
        string words = Path.Combine(folder, Words);
        if (File.Exists(words)) return Made(WordsOf(words, settings), Words, [words], settings, others);
        foreach (string ranks in Directory.EnumerateFiles(folder, "*.tiktoken")) throw NeedsPattern(ranks);
        if (Directory.EnumerateFiles(folder, "*.gguf").Order(StringComparer.Ordinal).FirstOrDefault() is { } whole)
            throw new LowrankException($"{folder} holds no tokenizer of its own, and {Path.GetFileName(whole)}, which may bring one. " +
                $"Give that file by its path: {whole}.");
        throw new LowrankException($"{folder} holds no tokenizer: there is no {Json}, no {string.Join(", ", pieceFiles)}, " +
            $"no {Vocabulary} with {Merges}, no {Words}. Is it the model's folder, downloaded to the end?");
    }

    /// <summary>The tokenizer of one file, without what lies beside it.</summary>
    public static LoadedTokenizer LoadFile(string path)
    {
        string name = Path.GetFileName(path);
        if (name == Words) return Made(WordsOf(path, new()), Words, [path], new(), []);
        if (name is Vocabulary or Merges)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            return Made(BytePairs(folder, new()), $"{Vocabulary} and {Merges}", BothOf(folder), new(), []);
        }
        if (name.EndsWith(".json", StringComparison.Ordinal))
            return Made(TokenizerBytes.ReadJson(path, json => TokenizerJson.Read(json, path)), Json, [path], new(), []);
        if (TiktokenFile.Is(path)) throw NeedsPattern(path);
        var file = SentencePieceFile.Read(path);
        var parts = SentencePieceParts.Plain(file);
        parts = parts with { PostProcessor = Ends(parts.Specials, begin: !file.IsUnigram, end: file.IsUnigram) };
        return Made(parts, "SentencePiece", [path], new(), []);
    }

    static LowrankException NeedsPattern(string path) => new(
        $"{path} holds tiktoken's ranks, and neither the regex that splits texts nor the control tokens, which stand in programs only. " +
        "Load it by Tokenizers.LoadTiktoken with both, or take the model's tokenizer.json.");

    static string[] BothOf(string folder) => [Path.Combine(folder, Vocabulary), Path.Combine(folder, Merges)];

    // What lies there too and is not read.
    static List<string> Others(string folder)
    {
        string[] order = [Json, .. pieceFiles, Vocabulary, Merges, Words];
        var there = order.Where(name => File.Exists(Path.Combine(folder, name))).ToList();
        string[] used = there is [Vocabulary, ..] ? [Vocabulary, Merges] : [.. there.Take(1)];
        return [.. there.Except(used).Select(name => $"{Path.Combine(folder, name)} is not used: {there[0]} tells the tokenizer.")];
    }

    static LoadedTokenizer OfPieces(string path, TokenizerSettings settings, List<string> notes)
    {
        var file = SentencePieceFile.Read(path);
        var parts = SentencePieceParts.AsTransformers(file, settings.Flags.GetValueOrDefault("legacy", true),
            doublesSpaces: settings.ModelType is "mistral" or "mixtral");
        var extra = Enumerable.Range(0, settings.ExtraIds)
            .Select(i => new AddedToken(file.Pieces.Count + settings.ExtraIds - 1 - i, $"<extra_id_{i}>") { IsSpecial = true });
        parts = WithSettings(parts with { Added = [.. parts.Added, .. extra] }, settings, notes);
        var (begin, end) = (settings.Adds.Begin ?? !file.IsUnigram, settings.Adds.End ?? file.IsUnigram);
        return Made(parts with { PostProcessor = Ends(parts.Specials, begin, end) }, "SentencePiece", [path], settings, notes);
    }

    static TemplateProcessor Ends(SpecialTokens specials, bool begin, bool end) => TemplateProcessor.Around(
        begin && specials.Begin is { } first ? [first] : [], end && specials.End is { } last ? [last] : []);

    // transformers' classes for Llama and Gemma let the configuration's flags decide, whatever the file's template says.
    static TokenizerParts WithEnds(TokenizerParts parts, TokenizerSettings settings)
    {
        string[] classes = ["LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer", "CodeLlamaTokenizerFast", "GemmaTokenizer",
            "GemmaTokenizerFast"];
        bool decides = classes.Contains(settings.Class) && settings.Adds != (null, null);
        if (!decides) return parts;
        var named = WithSettings(parts, settings, []);
        return parts with { PostProcessor = Ends(named.Specials, settings.Adds.Begin ?? true, settings.Adds.End ?? false) };
    }

    static TokenizerParts BytePairs(string folder, TokenizerSettings settings)
    {
        string[] files = BothOf(folder);
        return BytePairFiles.Read(files[0], files[1], settings.Flags.GetValueOrDefault("add_prefix_space"),
            vocabulary => Named(vocabulary, settings));
    }

    static TokenizerParts WordsOf(string path, TokenizerSettings settings)
    {
        bool? strips = settings.Flags.TryGetValue("strip_accents", out bool told) ? told : null;
        return WordPieceFile.Read(path, settings.Flags.GetValueOrDefault("do_lower_case", true), strips,
            settings.Flags.GetValueOrDefault("tokenize_chinese_chars", true), vocabulary => Named(vocabulary, settings));
    }

    // The tokens that a configuration names, and BERT's by their names where there is none.
    static List<AddedToken> Named(Vocabulary vocabulary, TokenizerSettings settings)
    {
        var named = new List<AddedToken>(settings.Added);
        string[] usual = settings.Tokens.Count > 0 ? [] : ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        foreach (string text in settings.Tokens.Values.Concat(settings.FurtherTokens).Concat(usual).Distinct())
            if (vocabulary.Id(text) is { } id && !named.Exists(token => token.Content == text))
                named.Add(new AddedToken(id, text) { IsSpecial = true });
        return named;
    }

    /// <summary>A tokenizer with the settings that lie beside it.</summary>
    public static LoadedTokenizer Made(
        TokenizerParts parts, string kind, IReadOnlyList<string> files, TokenizerSettings settings, IReadOnlyList<string> notes)
    {
        var told = notes.ToList();
        var tokenizer = new TextTokenizer(WithSettings(parts, settings, told));
        told.AddRange(OfOneId(parts.Added));
        var texts = TextsOf(tokenizer);
        foreach (var (name, text) in settings.Tokens) texts[name] = text;
        return new LoadedTokenizer(tokenizer, kind)
        {
            Files = [.. files, .. settings.Found],
            ChatTemplates = settings.ChatTemplates,
            SpecialTexts = texts,
            MaxLength = settings.MaxLength,
            PadsLeft = settings.PadsLeft,
            CleansUpSpaces = settings.CleansUpSpaces,
            Notes = [.. told.Distinct()],
        };
    }

    static IEnumerable<string> OfOneId(IReadOnlyList<AddedToken> added)
    {
        foreach (var one in added.DistinctBy(token => (token.Id, token.Content)).GroupBy(token => token.Id))
        {
            string[] texts = [.. one.Select(token => token.Content)];
            if (texts.Length > 1)
                yield return $"{texts.Length} added tokens of the tokenizer have the id {one.Key} ({string.Join(", ", texts)}): texts " +
                    "are read by all of them, and written by one. Is the file changed by hand?";
        }
    }

    // Tokens that the configuration has and the file has not, and the ids of those with a part to play.
    static TokenizerParts WithSettings(TokenizerParts parts, TokenizerSettings settings, List<string> notes)
    {
        // A SentencePiece file tells less of its control tokens than the configuration; tokenizer.json tells all.
        var told = settings.Added.Select(token => token.Id).ToHashSet();
        var added = parts.Added.Where(token => parts.Model is not SentencePieceBpeModel || !told.Contains(token.Id)).ToList();
        var known = added.Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        added.AddRange(settings.Added.Where(token => known.Add(token.Content)));
        foreach (string text in settings.Tokens.Values.Concat(settings.FurtherTokens).Distinct())
        {
            if (!known.Add(text)) continue;
            if (parts.Model.Vocabulary.Id(text) is { } id) added.Add(new AddedToken(id, text) { IsSpecial = true });
            else notes.Add($"The configuration names the token \"{text}\", which has no id; it is not used.");
        }
        return parts with
        {
            Added = added,
            Specials = new SpecialTokens
            {
                Begin = IdOf("bos_token") ?? parts.Specials.Begin,
                End = IdOf("eos_token") ?? parts.Specials.End,
                Pad = IdOf("pad_token") ?? parts.Specials.Pad,
                Unknown = IdOf("unk_token") ?? parts.Specials.Unknown,
                Separator = IdOf("sep_token") ?? parts.Specials.Separator,
                Class = IdOf("cls_token") ?? parts.Specials.Class,
                Mask = IdOf("mask_token") ?? parts.Specials.Mask,
            },
        };

        int? IdOf(string name) => settings.Tokens.TryGetValue(name, out string? text)
            ? added.Find(token => token.Content == text)?.Id ?? parts.Model.Vocabulary.Id(text)
            : null;
    }

    /// <summary>The texts of a tokenizer's tokens with a part to play, as templates ask for them.</summary>
    public static Dictionary<string, string> TextsOf(TextTokenizer tokenizer)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var specials = tokenizer.Specials;
        (string Name, int? Id)[] named =
        [
            ("bos_token", specials.Begin), ("eos_token", specials.End), ("pad_token", specials.Pad), ("unk_token", specials.Unknown),
            ("sep_token", specials.Separator), ("cls_token", specials.Class), ("mask_token", specials.Mask),
        ];
        foreach (var (name, id) in named)
            if (id is { } known && tokenizer.Token(known) is { } text) texts[name] = text;
        return texts;
    }
}

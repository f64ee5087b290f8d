namespace Lowrank.Language;

/// <summary>A tokenizer of <c>vocab.txt</c>: BERT's kind, a token a line.</summary>
static class WordPieceFile
{
    /// <summary>The parts of a tokenizer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lowercase">Whether text is lower-cased.</param>
    /// <param name="stripsAccents">Whether accents go; null where lower-casing decides.</param>
    /// <param name="setsIdeographsApart">Whether ideographs are words.</param>
    /// <param name="named">The control tokens that a configuration names.</param>
    public static TokenizerParts Read(
        string path, bool lowercase, bool? stripsAccents, bool setsIdeographsApart, Func<Vocabulary, IReadOnlyList<AddedToken>> named)
    {
        var entries = new List<(string, int)>();
        foreach (string line in TokenizerBytes.LinesOf(path)) entries.Add((line, entries.Count));
        var vocabulary = new Vocabulary(entries);
        var added = named(vocabulary);
        var control = added.Where(token => token.IsSpecial).Select(token => token.Id).ToHashSet();
        int begin = Needed("[CLS]"), end = Needed("[SEP]");
        return new TokenizerParts(new WordPieceModel(vocabulary, "[UNK]", "##", prefixesFirst: false, 100, control))
        {
            Added = added,
            Normalizer = new BertNormalizer(cleanText: true, setsIdeographsApart, stripsAccents ?? lowercase, lowercase),
            PreTokenizer = PreTokenizerJson.Bert(),
            PostProcessor = new BertProcessor(begin, end),
            Decoder = new WordPieceDecoder("##", cleansUp: true),
            Specials = new SpecialTokens { Class = begin, Separator = end, Unknown = vocabulary.Id("[UNK]"), Pad = vocabulary.Id("[PAD]"),
                Mask = vocabulary.Id("[MASK]") },
        };

        int Needed(string token) => vocabulary.Id(token)
            ?? throw new LowrankException(
                $"{path} has no token {token}, which BERT's tokenizers put around a text. Is it BERT's vocabulary?");
    }
}

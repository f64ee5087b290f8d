namespace Lowrank.Language;

/// <summary>A tokenizer of SentencePiece's pieces.</summary>
static class SentencePieceParts
{
    const string Space = "\u2581";

    /// <summary>As SentencePiece itself has it: the text whole, control tokens beside it.</summary>
    /// <param name="file">The model.</param>
    public static TokenizerParts Plain(SentencePieceFile file)
    {
        var rules = new SentencePieceRules(file.Map, file.AddsDummyPrefix ? PrependScheme.Always : PrependScheme.Never,
            file.RemovesExtraSpaces, file.TreatsSpaceAsSuffix, Frozen(file.Pieces));
        return new TokenizerParts(Model(file.Pieces, file.IsUnigram, file.FallsBackToBytes))
        {
            Added = Control(file.Pieces),
            Normalizer = new SentencePieceNormalizer(rules),
            Decoder = new SequenceDecoder([.. Surfaces(file), Decoder(stripsFirst: false, keepsValid: true)]),
            Specials = Specials(file),
        };
    }

    /// <summary>
    /// As transformers has it where a folder holds no tokenizer.json: the same pieces, split and led by Metaspace's rules, with the
    /// character map applied as Hugging Face's tokenizers do.
    /// </summary>
    /// <param name="file">The model.</param>
    /// <param name="isLegacy">Whether every stretch between control tokens gets a space in front; else the first one only.</param>
    /// <param name="doublesSpaces">Whether a stretch that begins with a space gets one more, as Mistral's class has it.</param>
    public static TokenizerParts AsTransformers(SentencePieceFile file, bool isLegacy, bool doublesSpaces)
    {
        bool isMistral = doublesSpaces && isLegacy && !file.IsUnigram && file.AddsDummyPrefix;
        var scheme = isLegacy || file.IsUnigram ? PrependScheme.Always : PrependScheme.First;
        if (!file.AddsDummyPrefix) scheme = PrependScheme.Never;
        IPreTokenizer metaspace = new MetaspacePreTokenizer(Space[0], scheme, splits: file.IsUnigram);
        if (file.RemovesExtraSpaces && file.IsUnigram)
            metaspace = new SequencePreTokenizer(
                [new PatternPreTokenizer(new ClassPattern(CodePoints.IsWhiteSpace), SplitBehavior.Removed), metaspace]);
        var steps = new List<INormalizer>();
        if (file.Map is not null) steps.Add(new PrecompiledNormalizer(file.Map));
        if (isMistral) steps.AddRange([new PrependNormalizer(Space), new ReplaceNormalizer(new LiteralPattern(" "), Space)]);
        return new TokenizerParts(Model(file.Pieces, file.IsUnigram, file.FallsBackToBytes))
        {
            Added = Control(file.Pieces),
            Normalizer = steps.Count == 0 ? null : new SequenceNormalizer(steps),
            PreTokenizer = isMistral ? null : metaspace,
            Decoder = Decoder(file.AddsDummyPrefix),
            Specials = Specials(file),
        };
    }

    /// <summary>The model of some pieces.</summary>
    /// <param name="pieces">The pieces, by their ids.</param>
    /// <param name="isUnigram">Whether it is Unigram; else byte pairs.</param>
    /// <param name="fallsBackToBytes">Whether what is unknown becomes bytes.</param>
    public static ITokenModel Model(IReadOnlyList<SentencePiece> pieces, bool isUnigram, bool fallsBackToBytes)
    {
        int unknown = IndexOf(pieces, SentencePieceType.Unknown);
        var hidden = Where(pieces, type => type is SentencePieceType.Control or SentencePieceType.Unknown or SentencePieceType.Byte);
        if (!isUnigram)
            return new SentencePieceBpeModel(new Vocabulary([.. pieces.Select((piece, id) => (piece.Text, id))]),
                [.. pieces.Select(piece => piece.Score)], unknown, hidden, Frozen(pieces), fallsBackToBytes);
        hidden.UnionWith(Where(pieces, type => type == SentencePieceType.Unused));
        double lowest = pieces.Where(piece => piece.Type == SentencePieceType.Normal).Select(piece => piece.Score).DefaultIfEmpty(0).Min();
        return new UnigramModel([.. pieces.Select(piece => (piece.Text, (double)piece.Score))], new UnigramOptions(
            unknown, fallsBackToBytes, IsSingle: true, hidden, Where(pieces, type => type == SentencePieceType.UserDefined), lowest));
    }

    /// <summary>Spaces back, bytes to text, the space in front away.</summary>
    /// <param name="stripsFirst">Whether one space in front goes.</param>
    /// <param name="keepsValid">Whether of bytes that are no text the whole characters stay.</param>
    public static ITokenDecoder Decoder(bool stripsFirst, bool keepsValid = false)
    {
        var steps = new List<ITokenDecoder>
        {
            new ReplaceDecoder(new LiteralPattern(Space), " "),
            new ByteFallbackDecoder(keepsValid),
            new FuseDecoder(),
        };
        if (stripsFirst) steps.Add(new StripDecoder(' ', 1, 0));
        return new SequenceDecoder(steps);
    }

    // SentencePiece's own: the space in front away, and the unknown piece as it is shown.
    static IEnumerable<ITokenDecoder> Surfaces(SentencePieceFile file)
    {
        bool strips = file.AddsDummyPrefix || file.RemovesExtraSpaces;
        if (strips) yield return new LeadingSpaceDecoder(Space[0], takesAll: file.RemovesExtraSpaces);
        int unknown = IndexOf(file.Pieces, SentencePieceType.Unknown);
        if (unknown >= 0) yield return new UnknownDecoder(file.Pieces[unknown].Text, file.UnknownSurface);
    }

    /// <summary>The pieces of the user, which are taken as they stand.</summary>
    public static WordTrie Frozen(IReadOnlyList<SentencePiece> pieces) =>
        new([.. Where(pieces, type => type == SentencePieceType.UserDefined).Select(id => (pieces[id].Text, id))]);

    static List<AddedToken> Control(IReadOnlyList<SentencePiece> pieces) =>
        [.. Where(pieces, type => type is SentencePieceType.Control or SentencePieceType.Unknown)
            .Select(id => new AddedToken(id, pieces[id].Text) { IsSpecial = true })];

    static SpecialTokens Specials(SentencePieceFile file)
    {
        return new SpecialTokens
        {
            Begin = Known(file.Ends.Begin),
            End = Known(file.Ends.End),
            Unknown = Known(IndexOf(file.Pieces, SentencePieceType.Unknown)),
        };

        int? Known(int id) => id >= 0 && id < file.Pieces.Count ? id : null;
    }

    static int IndexOf(IReadOnlyList<SentencePiece> pieces, SentencePieceType type)
    {
        for (int id = 0; id < pieces.Count; id++)
            if (pieces[id].Type == type) return id;
        return -1;
    }

    static HashSet<int> Where(IReadOnlyList<SentencePiece> pieces, Func<SentencePieceType, bool> isWanted) =>
        [.. Enumerable.Range(0, pieces.Count).Where(id => isWanted(pieces[id].Type))];
}

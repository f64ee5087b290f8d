namespace Lowrank.Language;

/// <summary>Reads the decoder of tokenizer.json.</summary>
static class DecoderJson
{
    /// <summary>A decoder.</summary>
    /// <exception cref="LowrankException">It is of a kind, or has a field, that is not understood.</exception>
    public static ITokenDecoder Read(JsonPart part)
    {
        ITokenDecoder? read = part.Type switch
        {
            "Sequence" => new SequenceDecoder([.. part.Parts("decoders").Select(Read)]),
            "ByteLevel" => ByteLevel(part),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "Strip" => new StripDecoder(part.Character("content", ' '), part.Number("start", 0), part.Number("stop", 0)),
            "Replace" => new ReplaceDecoder(PatternJson.Read(part), part.Text("content")),
            "Metaspace" => Metaspace(part),
            "WordPiece" => new WordPieceDecoder(part.Text("prefix", "##"), part.Flag("cleanup", true)),
            "BPEDecoder" => new BpeDecoder(part.Text("suffix", "</w>")),
            "CTC" => new CtcDecoder(part.Text("pad_token", "<pad>"), part.Text("word_delimiter_token", "|"), part.Flag("cleanup", true)),
            _ => null,
        };
        return part.End(read ?? throw part.UnknownType("Sequence", "ByteLevel", "ByteFallback", "Fuse", "Strip", "Replace", "Metaspace",
            "WordPiece", "BPEDecoder", "CTC"));
    }

    static ByteLevelDecoder ByteLevel(JsonPart part)
    {
        // Of the pre-tokenizer and the post-processor of the same name.
        part.Field("add_prefix_space");
        part.Field("trim_offsets");
        part.Field("use_regex");
        return new();
    }

    static MetaspaceDecoder Metaspace(JsonPart part)
    {
        part.Field("split");   // of the pre-tokenizer
        return new(part.Character("replacement", '\u2581'), PreTokenizerJson.Scheme(part) != PrependScheme.Never);
    }
}

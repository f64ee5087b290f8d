namespace Lowrank.Language;

/// <summary>Reads the normalizer of tokenizer.json.</summary>
static class NormalizerJson
{
    /// <summary>A normalizer.</summary>
    /// <exception cref="LowrankException">It is of a kind, or has a field, that is not understood.</exception>
    public static INormalizer Read(JsonPart part)
    {
        INormalizer? read = part.Type switch
        {
            "Sequence" => new SequenceNormalizer([.. part.Parts("normalizers").Select(Read)]),
            "NFC" => new FormNormalizer(composed: true, compatible: false),
            "NFD" => new FormNormalizer(composed: false, compatible: false),
            "NFKC" => new FormNormalizer(composed: true, compatible: true),
            "NFKD" => new FormNormalizer(composed: false, compatible: true),
            "Lowercase" => new LowercaseNormalizer(),
            "StripAccents" => new FilterNormalizer(rune => !CodePoints.IsMark(rune)),
            "Nmt" => new NmtNormalizer(),
            _ => WithFields(part),
        };
        return part.End(read ?? throw part.UnknownType("Sequence", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt",
            "Strip", "Prepend", "Replace", "Precompiled", "BertNormalizer", "ByteLevel"));
    }

    static INormalizer? WithFields(JsonPart part) => part.Type switch
    {
        "Strip" => new StripNormalizer(part.Flag("strip_left", true), part.Flag("strip_right", true)),
        "Prepend" => new PrependNormalizer(part.Text("prepend")),
        "Replace" => new ReplaceNormalizer(PatternJson.Read(part), part.Text("content")),
        "Precompiled" => Precompiled(part),
        "BertNormalizer" => Bert(part),
        "ByteLevel" => new BytesNormalizer(),
        _ => null,
    };

    static BertNormalizer Bert(JsonPart part)
    {
        bool lowercase = part.Flag("lowercase", true);
        bool stripsAccents = part.Flag("strip_accents", lowercase);
        return new(part.Flag("clean_text", true), part.Flag("handle_chinese_chars", true), stripsAccents, lowercase);
    }

    static INormalizer Precompiled(JsonPart part)
    {
        // T5's first files have an empty map.
        if (!part.Has("precompiled_charsmap")) return new SequenceNormalizer([]);
        try
        {
            byte[] map = Convert.FromBase64String(part.Text("precompiled_charsmap"));
            return map.Length == 0 ? new SequenceNormalizer([]) : new PrecompiledNormalizer(new CharacterMap(map));
        }
        catch (FormatException)
        {
            throw part.Fault("has a precompiled_charsmap that is no base64");
        }
    }
}

namespace Lowrank.Language;

/// <summary>Reads the pre-tokenizer of tokenizer.json.</summary>
static class PreTokenizerJson
{
    /// <summary>A pre-tokenizer.</summary>
    /// <exception cref="LowrankException">It is of a kind, or has a field, that is not understood.</exception>
    public static IPreTokenizer Read(JsonPart part)
    {
        IPreTokenizer? read = part.Type switch
        {
            "Sequence" => new SequencePreTokenizer([.. part.Parts("pretokenizers").Select(Read)]),
            "ByteLevel" => ByteLevel(part),
            "Metaspace" => new MetaspacePreTokenizer(part.Character("replacement", '\u2581'), Scheme(part), part.Flag("split", true)),
            "Split" => new PatternPreTokenizer(PatternJson.Read(part), Behavior(part), part.Flag("invert", false)),
            "CharDelimiterSplit" => new PatternPreTokenizer(new LiteralPattern(part.Text("delimiter")), SplitBehavior.Removed),
            "Digits" => Digits(part),
            "Punctuation" => new PatternPreTokenizer(new ClassPattern(Unicode8.IsPunctuation), Behavior(part)),
            "FixedLength" => FixedLength(part),
            _ => Plain(part.Type),
        };
        return part.End(read ?? throw part.UnknownType("Sequence", "ByteLevel", "Metaspace", "Split", "CharDelimiterSplit", "Digits",
            "Punctuation", "FixedLength", "Whitespace", "WhitespaceSplit", "BertPreTokenizer", "UnicodeScripts"));
    }

    /// <summary>Words and runs of signs; blanks go.</summary>
    static PatternPreTokenizer Whitespace() => new(new RegexPattern(@"\w+|[^\w\s]+"), SplitBehavior.Removed, invert: true);

    /// <summary>BERT's: blanks go, every sign is a piece.</summary>
    public static IPreTokenizer Bert() => new SequencePreTokenizer(
    [
        new PatternPreTokenizer(new ClassPattern(CodePoints.IsWhiteSpace), SplitBehavior.Removed),
        new PatternPreTokenizer(new ClassPattern(Unicode8.IsPunctuation), SplitBehavior.Isolated),
    ]);

    /// <summary>Every digit by itself, fractions and other scripts' digits too.</summary>
    public static IPreTokenizer EachDigit() => new PatternPreTokenizer(new ClassPattern(CodePoints.IsNumber), SplitBehavior.Isolated);

    static IPreTokenizer? Plain(string type) => type switch
    {
        "Whitespace" => Whitespace(),
        "WhitespaceSplit" => new PatternPreTokenizer(new ClassPattern(CodePoints.IsWhiteSpace), SplitBehavior.Removed),
        "BertPreTokenizer" => Bert(),
        "UnicodeScripts" => new ScriptsPreTokenizer(),
        _ => null,
    };

    static ByteLevelPreTokenizer ByteLevel(JsonPart part)
    {
        part.Field("trim_offsets");   // of the post-processor of the same name
        return new(part.Flag("add_prefix_space", true), part.Flag("use_regex", true));
    }

    static IPreTokenizer Digits(JsonPart part) => part.Flag("individual_digits", false)
        ? EachDigit()
        : new PatternPreTokenizer(new ClassPattern(CodePoints.IsNumber), SplitBehavior.Contiguous);

    static FixedLengthPreTokenizer FixedLength(JsonPart part)
    {
        int length = part.Number("length", 5);
        return length > 0 ? new(length) : throw part.Fault($"has a length of {length}, which is from 1");
    }

    /// <summary>Where Metaspace puts its sign in front; older files have <c>add_prefix_space</c> instead.</summary>
    public static PrependScheme Scheme(JsonPart part)
    {
        part.Field("str_rep");   // the replacement once more
        bool adds = part.Flag("add_prefix_space", true);
        return part.Text("prepend_scheme", adds ? "always" : "never") switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var scheme => throw part.Fault($"has the prepend_scheme \"{scheme}\"; known are always, first, never"),
        };
    }

    static SplitBehavior Behavior(JsonPart part) => part.Text("behavior", "Isolated") switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var behavior => throw part.Fault(
            $"has the behavior \"{behavior}\"; known are Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous"),
    };
}

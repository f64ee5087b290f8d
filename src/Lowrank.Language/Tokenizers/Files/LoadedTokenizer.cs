namespace Lowrank.Language;

/// <summary>A tokenizer and what was found beside it.</summary>
/// <param name="Tokenizer">The tokenizer.</param>
/// <param name="Kind">What it was read from: <c>tokenizer.json</c>, <c>SentencePiece</c>, <c>tiktoken</c>, <c>vocab.json and
/// merges.txt</c>,
/// <c>vocab.txt</c>, <c>GGUF</c>.</param>
public sealed record LoadedTokenizer(TextTokenizer Tokenizer, string Kind)
{
    /// <summary>The files that were read.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Chat templates by name; the usual one is <c>default</c>.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates { get; init; } = new Dictionary<string, string>();

    /// <summary>The texts of the tokens with a part to play, as templates ask for them: <c>bos_token</c>, <c>eos_token</c>.</summary>
    public IReadOnlyDictionary<string, string> SpecialTexts { get; init; } = new Dictionary<string, string>();

    /// <summary>The most tokens that the model takes, or null where no file says so.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Whether padding goes to the left; null where no file says so.</summary>
    public bool? PadsLeft { get; init; }

    /// <summary>Whether transformers takes spaces before signs away after decoding; <see cref="TextTokenizer.Decode"/> does not.</summary>
    public bool? CleansUpSpaces { get; init; }

    /// <summary>What lies there and was not used, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

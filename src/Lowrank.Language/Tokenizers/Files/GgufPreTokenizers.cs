namespace Lowrank.Language;

/// <summary>The splits that <c>tokenizer.ggml.pre</c> names, as llama.cpp has them.</summary>
static class GgufPreTokenizers
{
    const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";
    const string DeepSeekWords = @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
        + @"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]", Front = @"[^\r\n\p{L}\p{N}]?";
    const string Signs = @"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string Endings = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";

    /// <summary>A split.</summary>
    /// <param name="Patterns">The regexes, one after the other.</param>
    /// <param name="IgnoresMerges">Whether a piece that is a token whole is that token.</param>
    /// <param name="AddsBegin">Whether a begin token is added where the file does not say.</param>
    /// <param name="IsGpt2">Whether GPT-2's split follows.</param>
    /// <param name="AddsEnds">Whether begin and separator go around the text, as RoBERTa has it.</param>
    public sealed record Split(
        IReadOnlyList<string> Patterns, bool IgnoresMerges = false, bool AddsBegin = false, bool IsGpt2 = false, bool AddsEnds = false);

    static readonly Dictionary<string, Split> known = new(StringComparer.Ordinal)
    {
        ["default"] = new([@"[\p{P}\$\+<=>\^~\|`]+", Gpt2, @"\p{N}+", "[0-9][0-9][0-9]"]),
        ["gpt-2"] = new([], IsGpt2: true),
        ["phi-2"] = new([], IsGpt2: true),
        ["mpt"] = new([], IsGpt2: true),
        ["olmo"] = new([], IsGpt2: true),
        ["jina-es"] = new([], IsGpt2: true),
        ["jina-de"] = new([], IsGpt2: true),
        ["jina-v2-es"] = new([], IsGpt2: true),
        ["jina-v2-de"] = new([], IsGpt2: true),
        ["gigachat"] = new([], IsGpt2: true),
        ["roberta-bpe"] = new([], IsGpt2: true, AddsEnds: true),
        ["smollm"] = new([@"\p{N}"], IsGpt2: true),
        ["starcoder"] = new([@"\p{N}"], IsGpt2: true),
        ["refact"] = new([@"\p{N}"], IsGpt2: true),
        ["command-r"] = new([@"\p{N}"], IsGpt2: true),
        ["codeshell"] = new([@"\p{N}"], IsGpt2: true),
        ["exaone"] = new([@"\p{N}"], IsGpt2: true),
        ["minerva-7b"] = new([@"\p{N}"], IsGpt2: true),
        ["llama-bpe"] = new([KnownPatterns.Llama3], IgnoresMerges: true, AddsBegin: true),
        ["llama3"] = new([KnownPatterns.Llama3], IgnoresMerges: true, AddsBegin: true),
        ["llama-v3"] = new([KnownPatterns.Llama3], IgnoresMerges: true, AddsBegin: true),
        ["falcon3"] = new([KnownPatterns.Llama3], IgnoresMerges: true, AddsBegin: true),
        ["pixtral"] = new([KnownPatterns.Llama3], IgnoresMerges: true, AddsBegin: true),
        ["dbrx"] = new([KnownPatterns.Llama3]),
        ["smaug-bpe"] = new([KnownPatterns.Llama3]),
        ["chatglm-bpe"] = new([KnownPatterns.Llama3]),
        ["qwen2"] = new([KnownPatterns.Qwen2]),
        ["deepseek-r1-qwen"] = new([KnownPatterns.Qwen2]),
        ["megrez"] = new([KnownPatterns.Qwen2]),
        ["stablelm2"] = new([KnownPatterns.Qwen2]),
        ["falcon"] = new([@"[\p{P}\$\+<=>\^~\|`]+", Gpt2, "[0-9][0-9][0-9]"]),
        ["deepseek-coder"] = new([@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", "[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+", @"\p{N}"]),
        ["deepseek-v3"] = new([@"\p{N}{1,3}", "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+", DeepSeekWords]),
        ["tekken"] = new([$@"{Front}{Upper}*{Lower}+|{Front}{Upper}+{Lower}*|\p{{N}}{Signs}"], IgnoresMerges: true),
        ["gpt-4o"] = new([$@"{Front}{Upper}*{Lower}+{Endings}|{Front}{Upper}+{Lower}*{Endings}|\p{{N}}{{1,3}}{Signs}"]),
    };

    /// <summary>The split of a name.</summary>
    /// <exception cref="LowrankException">No such name; the nearest ones are given.</exception>
    public static Split Of(string name) => known.TryGetValue(name, out var split) ? split : throw new LowrankException(
        $"The GGUF file's tokenizer.ggml.pre is \"{name}\", a split that is not known. " +
        $"Near are {string.Join(", ", NearestNames.To(name, known.Keys))}. Load the tokenizer from the model's own folder instead.");

    /// <summary>The first name whose split has these regexes; null where none has.</summary>
    /// <param name="patterns">The regexes, one after the other.</param>
    /// <param name="isGpt2">Whether GPT-2's split follows.</param>
    public static string? NameOf(IReadOnlyList<string> patterns, bool isGpt2) =>
        known.FirstOrDefault(one => one.Value.IsGpt2 == isGpt2 && one.Value.Patterns.SequenceEqual(patterns)).Key;

    /// <summary>The pre-tokenizer of a split: its regexes, then the bytes' alphabet.</summary>
    public static IPreTokenizer Make(Split split) => new SequencePreTokenizer(
    [
        .. split.Patterns.Select(pattern => new PatternPreTokenizer(KnownPatterns.Of(pattern), SplitBehavior.Isolated)),
        new ByteLevelPreTokenizer(addPrefixSpace: false, splits: split.IsGpt2),
    ]);
}

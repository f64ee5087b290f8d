namespace Lowrank.Language;

/// <summary>The regexes of published tokenizers that are written by hand here: nothing is compiled, and they are faster.</summary>
static class KnownPatterns
{
    const string Front = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|";
    const string Back = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>GPT-2's, which stands in no file.</summary>
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Llama 3's and Qwen 2's.</summary>
    public const string Llama3 = Front + @"\p{N}{1,3}" + Back, Qwen2 = Front + @"\p{N}" + Back;

    /// <summary>What searches for a regex: a class written by hand where there is one.</summary>
    /// <exception cref="LowrankException">The regex holds what is not understood.</exception>
    public static TextPattern Of(string regex) => regex switch
    {
        Gpt2 => new Gpt2Words(),
        Llama3 => new Llama3Words(mostDigits: 3),
        Qwen2 => new Llama3Words(mostDigits: 1),
        _ => new RegexPattern(regex),
    };
}

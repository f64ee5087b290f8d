namespace Lowrank.Training;

/// <summary>The tokens that rows are made with.</summary>
/// <param name="End">The id that ends a text.</param>
/// <param name="Pad">The id that fills rows up; only masks tell it from a token, for it may be the end's.</param>
/// <param name="Begin">The id that begins a text; null where there is none.</param>
public sealed record RowTokens(int End, int Pad, int? Begin = null)
{
    /// <summary>Those of a tokenizer; the end fills up where no other is named.</summary>
    /// <exception cref="LowrankException">The tokenizer names no end.</exception>
    public static RowTokens Of(TextTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var specials = tokenizer.Specials;
        int end = specials.End ?? throw new LowrankException("the tokenizer names no token that ends a text, and an answer that never " +
            "ends would be learnt. Name one in its tokenizer_config.json, as eos_token.");
        return new(end, specials.Pad ?? end, specials.Begin);
    }
}

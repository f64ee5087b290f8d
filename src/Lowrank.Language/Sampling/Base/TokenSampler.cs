namespace Lowrank.Language;

/// <summary>Chooses the tokens of one text, one after the other.</summary>
public abstract class TokenSampler
{
    /// <summary>The next token.</summary>
    /// <param name="history">What stands before.</param>
    /// <param name="logits">The model's logits for this place, an entry for each token; they are written into.</param>
    /// <exception cref="LowrankException">No token is left.</exception>
    public abstract int Next(TokenHistory history, Span<float> logits);
}

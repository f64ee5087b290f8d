namespace Lowrank.Language;

/// <summary>
/// Holds another sampler's choice to a grammar, as llama.cpp does: it chooses freely, and only where the grammar refuses the token, all
/// that it refuses are banned and it chooses again.
/// </summary>
/// <param name="inner">Chooses.</param>
/// <param name="matcher">The grammar at the text's beginning.</param>
public sealed class GrammarSampler(TokenSampler inner, GrammarMatcher matcher) : TokenSampler
{
    /// <inheritdoc/>
    public override int Next(TokenHistory history, Span<float> logits)
    {
        using var before = new Rented(logits.Length);
        logits.CopyTo(before.Span);
        int token = inner.Next(history, logits);
        if (!matcher.Allows(token))
        {
            before.Span.CopyTo(logits);
            matcher.Ban(logits);
            token = inner.Next(history, logits);
        }
        matcher.Accept(token);
        return token;
    }
}

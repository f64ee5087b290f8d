namespace Lowrank.Language;

/// <summary>A step between a model's logits and the choice of a token: it raises, lowers or bans tokens.</summary>
public abstract class LogitsProcessor
{
    /// <summary>Changes one row of logits in place; a banned token has −∞.</summary>
    /// <param name="history">What stands before.</param>
    /// <param name="logits">An entry for each token of the vocabulary.</param>
    public abstract void Process(TokenHistory history, Span<float> logits);
}

namespace Lowrank.Language;

/// <summary>Bans the tokens that a grammar does not allow, before filters and draws.</summary>
/// <param name="matcher">The grammar at the text's beginning; of one text.</param>
public sealed class GrammarProcessor(GrammarMatcher matcher) : LogitsProcessor
{
    int accepted;

    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        foreach (int token in history.Written[accepted..]) matcher.Accept(token);
        accepted = history.Written.Length;
        matcher.Ban(logits);
    }
}

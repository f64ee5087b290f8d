namespace Lowrank.Language;

/// <summary>Bans tokens in the first place that is written (<c>begin_suppress_tokens</c>).</summary>
/// <param name="tokens">Their ids.</param>
public sealed class BannedFirstTokens(IReadOnlyList<int> tokens) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        if (history.Written.Length > 0) return;
        foreach (int token in tokens) logits[token] = float.NegativeInfinity;
    }
}

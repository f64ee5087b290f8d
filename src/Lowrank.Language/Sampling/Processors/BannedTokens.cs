namespace Lowrank.Language;

/// <summary>Bans tokens (<c>suppress_tokens</c>).</summary>
/// <param name="tokens">Their ids.</param>
public sealed class BannedTokens(IReadOnlyList<int> tokens) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        foreach (int token in tokens) logits[token] = float.NegativeInfinity;
    }
}

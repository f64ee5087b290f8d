namespace Lowrank.Language;

/// <summary>Lets nothing but given tokens stand in one place of the text (<c>forced_bos_token_id</c>,
/// <c>forced_eos_token_id</c>).</summary>
/// <param name="place">The place, 0 for the first token that is written.</param>
/// <param name="tokens">What may stand there.</param>
public sealed class ForcedTokens(int place, IReadOnlyList<int> tokens) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        if (history.Written.Length != place) return;
        logits.Fill(float.NegativeInfinity);
        foreach (int token in tokens) logits[token] = 0;
    }
}

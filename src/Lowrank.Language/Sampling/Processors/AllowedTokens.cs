namespace Lowrank.Language;

/// <summary>Bans every token that a rule does not allow at its place (<c>prefix_allowed_tokens_fn</c>).</summary>
/// <param name="allowed">The ids that may follow tokens, of which the first <c>promptLength</c> are the prompt.</param>
public sealed class AllowedTokens(AllowedTokens.Rule allowed) : LogitsProcessor
{
    /// <summary>The ids that may follow.</summary>
    public delegate IReadOnlyCollection<int> Rule(TokenHistory history);

    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        var ids = allowed(history);
        if (ids.Count == 0)
            throw new LowrankException($"the rule of allowed tokens allows none in place {history.Written.Length + 1}. " +
                "Let it allow an end token there.");
        Span<float> kept = new float[ids.Count];
        foreach (var (at, id) in ids.Index()) kept[at] = logits[id];
        logits.Fill(float.NegativeInfinity);
        foreach (var (at, id) in ids.Index()) logits[id] = kept[at];
    }
}

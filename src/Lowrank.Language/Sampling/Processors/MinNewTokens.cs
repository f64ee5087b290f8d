namespace Lowrank.Language;

/// <summary>Bans the end as long as fewer tokens were written than a number.</summary>
/// <param name="count">Tokens to be written before the end.</param>
/// <param name="ends">The end tokens.</param>
public sealed class MinNewTokens(int count, IReadOnlyList<int> ends) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        if (history.Written.Length >= count) return;
        foreach (int end in ends) logits[end] = float.NegativeInfinity;
    }
}

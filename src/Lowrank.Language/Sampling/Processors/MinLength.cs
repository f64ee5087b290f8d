namespace Lowrank.Language;

/// <summary>Bans the end as long as prompt and text are shorter than a length.</summary>
/// <param name="length">Tokens of prompt and text together.</param>
/// <param name="ends">The end tokens.</param>
public sealed class MinLength(int length, IReadOnlyList<int> ends) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        if (history.Ids.Length >= length) return;
        foreach (int end in ends) logits[end] = float.NegativeInfinity;
    }
}

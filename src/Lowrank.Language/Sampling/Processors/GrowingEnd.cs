namespace Lowrank.Language;

/// <summary>Makes the end more likely, the more tokens were written (<c>exponential_decay_length_penalty</c>).</summary>
/// <param name="start">Tokens that are written before it begins.</param>
/// <param name="factor">The end's logit grows by its size times factor^(tokens beyond) − 1.</param>
/// <param name="ends">The end tokens.</param>
public sealed class GrowingEnd(int start, double factor, IReadOnlyList<int> ends) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        int beyond = history.Written.Length - start;
        if (beyond <= 0) return;
        foreach (int end in ends) logits[end] += Math.Abs(logits[end]) * (float)(Math.Pow(factor, beyond) - 1);
    }
}

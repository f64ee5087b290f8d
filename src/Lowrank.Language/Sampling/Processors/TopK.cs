namespace Lowrank.Language;

/// <summary>Keeps the most likely tokens, and all that are as likely as the last of them.</summary>
/// <param name="count">How many, at least 1.</param>
public sealed class TopK(int count) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        if (count < logits.Length) Logits.DropBelow(logits, Logits.Largest(logits, count));
    }
}

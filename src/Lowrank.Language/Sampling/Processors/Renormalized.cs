namespace Lowrank.Language;

/// <summary>Makes logits the logarithms of probabilities that add up to 1 (<c>renormalize_logits</c>).</summary>
public sealed class Renormalized : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits) => Logits.LogSoftmax(logits);
}

namespace Lowrank.Language;

/// <summary>Keeps tokens whose probability is a share of the likeliest's (arXiv:2407.01082).</summary>
/// <param name="share">0 to 1.</param>
/// <param name="least">Tokens that are kept in any case.</param>
public sealed class MinP(double share, int least = 1) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits) =>
        KeepingLeast.DropBelow(logits, (float)(Logits.Max(logits) + Math.Log(share)), least);
}

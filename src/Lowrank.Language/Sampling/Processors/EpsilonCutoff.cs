namespace Lowrank.Language;

/// <summary>Drops tokens below a probability (Hewitt et al. 2022, arXiv:2210.15191).</summary>
/// <param name="epsilon">0 to 1.</param>
/// <param name="least">Tokens that are kept in any case.</param>
public sealed class EpsilonCutoff(double epsilon, int least = 1) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        using var exponentials = new Rented(logits.Length);
        double sum = Logits.Exponentials(logits, exponentials.Span);
        KeepingLeast.DropBelow(logits, (float)(Logits.Max(logits) + Math.Log(epsilon * sum)), least);
    }
}

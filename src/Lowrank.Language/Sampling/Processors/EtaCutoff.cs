namespace Lowrank.Language;

/// <summary>Drops tokens below a probability that falls where many are likely: min(ε, √ε·exp(−entropy)) (Hewitt et al. 2022,
/// arXiv:2210.15191).</summary>
/// <param name="epsilon">0 to 1.</param>
/// <param name="least">Tokens that are kept in any case.</param>
public sealed class EtaCutoff(double epsilon, int least = 1) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        using var exponentials = new Rented(logits.Length);
        double sum = Logits.Exponentials(logits, exponentials.Span);
        double logSum = Logits.Max(logits) + Math.Log(sum);
        double entropy = 0;
        for (int i = 0; i < logits.Length; i++)
            if (!float.IsNegativeInfinity(logits[i])) entropy -= exponentials.Span[i] / sum * (logits[i] - logSum);
        double eta = Math.Min(epsilon, Math.Sqrt(epsilon) * Math.Exp(-entropy));
        KeepingLeast.DropBelow(logits, (float)(logSum + Math.Log(eta)), least);
    }
}

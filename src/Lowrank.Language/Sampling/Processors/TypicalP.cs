namespace Lowrank.Language;

/// <summary>Keeps the tokens whose surprise is nearest to what is to be expected, up to a share of the probability (Meister et al. 2022,
/// arXiv:2202.00666).</summary>
/// <param name="share">0 to 1; the token that crosses it is kept, and those as near as it.</param>
/// <param name="least">Tokens that are kept in any case.</param>
public sealed class TypicalP(double share, int least = 1) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        var tokens = new List<(double Distance, double P, int Id)>();
        float max = Logits.Max(logits);
        double sum = 0, entropy = 0;
        foreach (float logit in logits) sum += Math.Exp(logit - max);
        double logSum = max + Math.Log(sum);
        foreach (float logit in logits)
            if (!float.IsNegativeInfinity(logit)) entropy -= (logit - logSum) * Math.Exp(logit - logSum);
        for (int i = 0; i < logits.Length; i++)
            if (!float.IsNegativeInfinity(logits[i]))
                tokens.Add((Math.Abs((float)(logSum - logits[i]) - (float)entropy), Math.Exp(logits[i] - logSum), i));
        tokens.Sort();
        double mass = 0, farthest = 0;
        for (int i = 0; i < tokens.Count; i++)
        {
            if (i < least || mass < share) farthest = tokens[i].Distance;
            mass += tokens[i].P;
        }
        foreach (var token in tokens)
            if (token.Distance > farthest) logits[token.Id] = float.NegativeInfinity;
    }
}

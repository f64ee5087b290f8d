namespace Lowrank.Language;

/// <summary>Keeps the candidates whose surprise is nearest to what is to be expected, up to a share of the probability, in that order
/// (<c>typ_p</c>).</summary>
/// <param name="share">1 or more for all; the one that crosses it is kept.</param>
/// <param name="least">Candidates that are kept in any case.</param>
public sealed class LlamaTypical(float share, int least = 0) : CandidateSampler
{
    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        if (share >= 1) return;
        candidates.Softmax(sorted: true);
        float entropy = 0;
        foreach (float p in candidates.Probabilities)
            if (p > 0) entropy -= p * MathF.Log(p);
        var order = new List<(float Distance, int At)>(candidates.Count);
        for (int i = 0; i < candidates.Count; i++) order.Add((MathF.Abs(-MathF.Log(candidates.Probabilities[i]) - entropy), i));
        order.Sort();
        float sum = 0;
        int kept = 0;
        while (kept < order.Count)
        {
            sum += candidates.Probabilities[order[kept++].At];
            if (sum > share && kept >= least) break;
        }
        candidates.Rearrange([.. order.Take(kept).Select(one => candidates.Place(one.At))]);
        candidates.IsSorted = false;
    }
}

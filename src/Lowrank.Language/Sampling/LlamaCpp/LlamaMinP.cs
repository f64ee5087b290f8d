namespace Lowrank.Language;

/// <summary>Keeps candidates with a share of the likeliest's probability (<c>min_p</c>).</summary>
/// <param name="share">0 or less for all.</param>
/// <param name="least">Candidates that are kept in any case.</param>
public sealed class LlamaMinP(float share, int least = 0) : CandidateSampler
{
    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        if (share <= 0 || candidates.Count == 0) return;
        float threshold = Logits.Max(candidates.Logits) + MathF.Log(share);
        int reaching = 0;
        foreach (float logit in candidates.Logits)
            if (logit >= threshold) reaching++;
        if (reaching >= least && !candidates.IsSorted) candidates.Keep(i => candidates.Logits[i] >= threshold);
        else candidates.KeepLikeliest(Math.Min(candidates.Count, Math.Max(Math.Max(reaching, least), 1)));
    }
}

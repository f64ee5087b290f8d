namespace Lowrank.Language;

/// <summary>Bans candidates more than some standard deviations below the likeliest; none is dropped (<c>top_n_sigma</c>).</summary>
/// <param name="deviations">0 or less for all.</param>
public sealed class LlamaTopSigma(float deviations) : CandidateSampler
{
    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        if (deviations <= 0 || candidates.Count <= 1) return;
        double sum = 0, squares = 0;
        int finite = 0;
        foreach (float logit in candidates.Logits)
        {
            if (float.IsNegativeInfinity(logit)) continue;
            sum += logit;
            finite++;
        }
        double mean = finite > 0 ? sum / finite : 0;
        foreach (float logit in candidates.Logits)
            if (!float.IsNegativeInfinity(logit)) squares += (logit - mean) * (logit - mean);
        float deviation = finite > 0 ? (float)Math.Sqrt(squares / finite) : 0;
        Logits.DropBelow(candidates.Logits, Logits.Max(candidates.Logits) - deviations * deviation);
        candidates.Softmax(sorted: true);
    }
}

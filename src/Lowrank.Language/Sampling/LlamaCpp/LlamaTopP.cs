namespace Lowrank.Language;

/// <summary>Keeps the likeliest that hold a share of the probability, the one that reaches it among them (<c>top_p</c>).</summary>
/// <param name="share">1 or more for all.</param>
/// <param name="least">Candidates that are kept in any case.</param>
public sealed class LlamaTopP(float share, int least = 0) : CandidateSampler
{
    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        if (share >= 1) return;
        candidates.Softmax(sorted: true);
        float sum = 0;
        for (int i = 0; i < candidates.Count; i++)
        {
            sum += candidates.Probabilities[i];
            if (sum < share || i + 1 < least) continue;
            candidates.KeepFirst(i + 1);
            return;
        }
    }
}

namespace Lowrank.Language;

/// <summary>For text that is put between others (<c>infill</c>): ends where that is likely, and joins tokens of which one begins the
/// other.</summary>
/// <param name="texts">The tokens' texts; tokens that only steer have none.</param>
/// <param name="end">The token that is left where no text is likely.</param>
public sealed class LlamaInfill(TokenTexts texts, int end) : CandidateSampler
{
    // Below it a candidate goes.
    const float Least = 0.2f;

    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        candidates.Softmax(sorted: true);
        float text = 0, ending = 0;
        for (int i = 0; i < candidates.Count; i++)
        {
            if (texts.IsEnd(candidates.Ids[i])) ending += candidates.Probabilities[i];
            else text += candidates.Probabilities[i];
        }
        if (3 * ending * candidates.Count > text)
        {
            candidates.Keep(i => texts.IsEnd(candidates.Ids[i]));
            Normalize(candidates);
            return;
        }
        for (int i = 0; i < candidates.Count; i++) Join(candidates, i);
        int left = Drop(candidates, Least);
        if (left == 0) { candidates.Become(end, 1); return; }
        Drop(candidates, 1f / (left + 1));
    }

    // Tokens that the one at a place begins go into the likelier of both.
    void Join(Candidates candidates, int at)
    {
        for (int other = 0; other < candidates.Count; other++)
        {
            if (float.IsNegativeInfinity(candidates.Logits[at])) return;
            if (other == at || float.IsNegativeInfinity(candidates.Logits[other])) continue;
            var beginning = texts[candidates.Ids[at]];
            if (beginning.Length == 0 || !texts[candidates.Ids[other]].StartsWith(beginning)) continue;
            bool goesIntoOther = candidates.Probabilities[other] > candidates.Probabilities[at];
            var (into, from) = goesIntoOther ? (other, at) : (at, other);
            candidates.Probabilities[into] += candidates.Probabilities[from];
            candidates.Probabilities[from] = 0;
            candidates.Logits[from] = float.NegativeInfinity;
        }
    }

    int Drop(Candidates candidates, float least)
    {
        candidates.Keep(i => candidates.Probabilities[i] >= least || texts.IsEnd(candidates.Ids[i]));
        int left = 0;
        foreach (int id in candidates.Ids)
            if (!texts.IsEnd(id)) left++;
        Normalize(candidates);
        return left;
    }

    static void Normalize(Candidates candidates)
    {
        float sum = 0;
        foreach (float p in candidates.Probabilities) sum += p;
        for (int i = 0; i < candidates.Count; i++) candidates.Probabilities[i] /= sum;
    }
}

namespace Lowrank.Language;

/// <summary>Against tokens that were written lately (<c>penalties</c>): the prompt counts if it was accepted.</summary>
/// <param name="last">Tokens that are looked back; 0 or less for none.</param>
/// <param name="repeat">Divides positive logits and multiplies the others.</param>
/// <param name="frequency">Taken for each time.</param>
/// <param name="presence">Taken once.</param>
public sealed class LlamaPenalties(int last, float repeat, float frequency, float presence) : CandidateSampler
{
    readonly Queue<int> written = new();
    readonly Dictionary<int, int> counts = [];

    /// <inheritdoc/>
    public override void Accept(int token)
    {
        if (last <= 0) return;
        if (written.Count == last && written.Dequeue() is var old && --counts[old] == 0) counts.Remove(old);
        written.Enqueue(token);
        counts[token] = counts.GetValueOrDefault(token) + 1;
    }

    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        bool doesNothing = last <= 0 || (repeat == 1 && frequency == 0 && presence == 0);
        if (doesNothing) return;
        for (int i = 0; i < candidates.Count; i++)
        {
            if (!counts.TryGetValue(candidates.Ids[i], out int count)) continue;
            ref float logit = ref candidates.Logits[i];
            logit = logit <= 0 ? logit * repeat : logit / repeat;
            logit -= count * frequency + presence;
        }
        candidates.IsSorted = false;
    }
}

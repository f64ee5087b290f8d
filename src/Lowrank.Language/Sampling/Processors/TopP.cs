namespace Lowrank.Language;

/// <summary>Keeps the fewest most likely tokens that hold a share of the probability (Holtzman et al. 2019, arXiv:1904.09751).</summary>
/// <param name="share">0 to 1; the token that crosses it is kept.</param>
/// <param name="least">Tokens that are kept in any case.</param>
public sealed class TopP(double share, int least = 1) : LogitsProcessor
{
    // Tokens are counted by how far they lie below the likeliest, in parts of a nat; what lies farther than all buckets is in the last.
    const int Buckets = 2048, BucketsPerNat = 64;

    /// <inheritdoc/>
    public override void Process(TokenHistory history, Span<float> logits)
    {
        using var probabilities = new Rented(logits.Length);
        double sum = Logits.Exponentials(logits, probabilities.Span);
        float max = Logits.Max(logits);
        Span<double> masses = stackalloc double[Buckets];
        Span<int> counts = stackalloc int[Buckets];
        masses.Clear();
        counts.Clear();
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNegativeInfinity(logits[i])) continue;
            int bucket = Bucket(max, logits[i]);
            masses[bucket] += probabilities.Span[i];
            counts[bucket]++;
        }
        double wanted = share * sum, before = 0;
        int crossing = 0, kept = 0;
        for (; crossing < Buckets - 1 && (before + masses[crossing] < wanted || kept + counts[crossing] < least); crossing++)
        {
            before += masses[crossing];
            kept += counts[crossing];
        }
        DropRest(logits, probabilities.Span, max, crossing, wanted - before, least - kept);
    }

    static int Bucket(float max, float logit) => (int)Math.Min((max - logit) * BucketsPerNat, Buckets - 1);

    // Within the bucket in which the share is reached, tokens are kept from the top until it is; of equal ones the first come first.
    static void DropRest(Span<float> logits, ReadOnlySpan<float> probabilities, float max, int crossing, double wanted, int least)
    {
        var within = new List<(float Logit, int Id)>();
        for (int i = 0; i < logits.Length; i++)
        {
            if (float.IsNegativeInfinity(logits[i])) continue;
            int bucket = Bucket(max, logits[i]);
            if (bucket == crossing) within.Add((logits[i], i));
            else if (bucket > crossing) logits[i] = float.NegativeInfinity;
        }
        within.Sort((one, other) => one.Logit != other.Logit ? other.Logit.CompareTo(one.Logit) : one.Id.CompareTo(other.Id));
        double mass = 0;
        foreach (var (at, (_, id)) in within.Index())
        {
            bool isKept = at < least || mass < wanted;
            mass += probabilities[id];
            if (!isKept) logits[id] = float.NegativeInfinity;
        }
    }
}

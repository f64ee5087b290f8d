namespace Lowrank.Language;

/// <summary>Divides logits by a temperature, or by one that follows the entropy of the candidates that are left (<c>temp_ext</c>); at 0 and
/// below all but the likeliest are banned.</summary>
/// <param name="temperature">The temperature, or the middle of its range.</param>
/// <param name="range">How far it goes from the middle; 0 or less for a fixed one.</param>
/// <param name="exponent">The power of the entropy's share that it follows.</param>
public sealed class LlamaTemperature(float temperature, float range = 0, float exponent = 1) : CandidateSampler
{
    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        if (range <= 0) { Divide(candidates, temperature); return; }
        if (candidates.Count <= 1) return;
        float lowest = MathF.Max(0, temperature - range), highest = temperature + range;
        candidates.Softmax(sorted: true);
        float entropy = 0;
        foreach (float p in candidates.Probabilities)
            if (p > 0) entropy -= p * MathF.Log(p);
        float share = entropy / -MathF.Log(1f / candidates.Count);
        Divide(candidates, lowest + (highest - lowest) * MathF.Pow(share, exponent));
        candidates.Softmax(sorted: false);
    }

    static void Divide(Candidates candidates, float by)
    {
        if (by > 0) { Logits.Divide(candidates.Logits, by); return; }
        int likeliest = Logits.ArgMax(candidates.Logits);
        for (int i = 0; i < candidates.Count; i++)
            if (i != likeliest) candidates.Logits[i] = float.NegativeInfinity;
    }
}

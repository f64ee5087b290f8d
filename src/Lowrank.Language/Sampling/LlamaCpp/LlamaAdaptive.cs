namespace Lowrank.Language;

/// <summary>Keeps the probability of what is written near a target, and draws (<c>adaptive_p</c>).</summary>
/// <param name="seed">Of its own generator.</param>
/// <param name="target">The probability; below 0 it only draws.</param>
/// <param name="decay">How long it remembers: 0 to 0.99.</param>
public sealed class LlamaAdaptive(long seed, float target, float decay) : CandidateSampler
{
    // The logit at the target, how fast it falls, and over which distance.
    const float Peak = 5, Sharpness = 10, Width = 0.3f;

    readonly MersenneTwister generator = new(seed);
    readonly float decay = Math.Clamp(decay, 0, 0.99f);
    float sum = target / (1 - Math.Clamp(decay, 0, 0.99f)), weight = 1 / (1 - Math.Clamp(decay, 0, 0.99f));
    (int Token, float Probability) pending = (-1, 0);

    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        candidates.Softmax(sorted: false);
        if (target < 0)
        {
            candidates.Selected = LlamaRandom.Draw(candidates, generator);
            return;
        }
        float[] original = [.. candidates.Probabilities];
        float adapted = Math.Clamp(weight == 0 ? target : 2 * Math.Clamp(target, 0, 1) - sum / weight, 0, 1);
        for (int i = 0; i < candidates.Count; i++)
        {
            if (float.IsNegativeInfinity(candidates.Logits[i])) continue;
            float distance = MathF.Abs((original[i] - adapted) / Width);
            candidates.Logits[i] = Peak - Sharpness * distance * distance / (1 + distance);
        }
        candidates.IsSorted = false;
        candidates.Softmax(sorted: false);
        candidates.Selected = LlamaRandom.Draw(candidates, generator);
        pending = (candidates.Ids[candidates.Selected], original[candidates.Selected]);
    }

    /// <inheritdoc/>
    public override void Accept(int token)
    {
        if (token != pending.Token) return;
        sum = pending.Probability + decay * sum;
        weight = 1 + decay * weight;
        pending = (-1, 0);
    }
}

namespace Lowrank.Language;

/// <summary>Draws by probabilities, walking through the candidates as they stand (<c>dist</c>).</summary>
/// <param name="seed">Of its own generator; only the low 32 bits count.</param>
public sealed class LlamaDraw(long seed) : CandidateSampler
{
    readonly MersenneTwister generator = new(seed);

    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        if (candidates.Count == 0) return;
        float max = Logits.Max(candidates.Logits);
        double sum = 0;
        for (int i = 0; i < candidates.Count; i++) sum += candidates.Probabilities[i] = MathF.Exp(candidates.Logits[i] - max);
        double wanted = sum * LlamaRandom.Uniform(generator), reached = 0;
        candidates.Selected = -1;
        for (int i = 0; i < candidates.Count; i++)
        {
            reached += candidates.Probabilities[i];
            if (candidates.Selected < 0 && reached >= wanted) candidates.Selected = i;
            candidates.Probabilities[i] = (float)(candidates.Probabilities[i] / sum);
        }
        if (candidates.Selected < 0) candidates.Selected = candidates.Count - 1;
    }
}

namespace Lowrank.Language;

/// <summary>Keeps the surprise of what is written near a target by the number of candidates (Basu et al. 2020, arXiv:2007.14966), and draws
/// (<c>mirostat</c>).</summary>
/// <param name="seed">Of its own generator.</param>
/// <param name="target">τ, in bits.</param>
/// <param name="rate">η, how fast it learns.</param>
/// <param name="vocabulary">Tokens of the vocabulary.</param>
/// <param name="estimated">Candidates by which the spread is estimated.</param>
public sealed class LlamaMirostat(long seed, float target, float rate, int vocabulary, int estimated = 100) : CandidateSampler
{
    readonly MersenneTwister generator = new(seed);
    float bound = 2 * target;

    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        candidates.Softmax(sorted: true);
        float products = 0, squares = 0;
        for (int i = 0; i < estimated - 1 && i < candidates.Count - 1; i++)
        {
            float t = MathF.Log((i + 2f) / (i + 1f));
            products += t * MathF.Log(candidates.Probabilities[i] / candidates.Probabilities[i + 1]);
            squares += t * t;
        }
        float spread = products / squares, excess = spread - 1;
        float count = MathF.Pow(excess * MathF.Pow(2, bound) / (1 - MathF.Pow(vocabulary, -excess)), 1 / spread);
        candidates.KeepLikeliest(Math.Max((int)Math.Min(count, candidates.Count), 1));
        bound = MirostatDraw.Apply(candidates, generator, target, rate, bound);
    }
}

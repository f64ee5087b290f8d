namespace Lowrank.Language;

/// <summary>The same by dropping what surprises more than a bound (<c>mirostat_v2</c>).</summary>
/// <param name="seed">Of its own generator.</param>
/// <param name="target">τ, in bits.</param>
/// <param name="rate">η, how fast it learns.</param>
public sealed class LlamaMirostat2(long seed, float target, float rate) : CandidateSampler
{
    readonly MersenneTwister generator = new(seed);
    float bound = 2 * target;

    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        candidates.Softmax(sorted: true);
        int kept = 0;
        while (kept < candidates.Count && -MathF.Log2(candidates.Probabilities[kept]) <= bound) kept++;
        candidates.KeepFirst(Math.Max(kept, 1));
        bound = MirostatDraw.Apply(candidates, generator, target, rate, bound);
    }
}

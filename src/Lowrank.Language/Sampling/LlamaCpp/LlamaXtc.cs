namespace Lowrank.Language;

/// <summary>By chance drops the likeliest, down to the last that is still likely (<c>xtc</c>).</summary>
/// <param name="probability">How often; 0 or less for never.</param>
/// <param name="threshold">From which probability on a token is likely; above 0.5 for never.</param>
/// <param name="least">Candidates that are left in any case.</param>
/// <param name="seed">Of its own generator.</param>
public sealed class LlamaXtc(float probability, float threshold, int least, long seed) : CandidateSampler
{
    readonly MersenneTwister generator = new(seed);

    /// <inheritdoc/>
    public override void Apply(Candidates candidates)
    {
        if (probability <= 0 || threshold > 0.5f || candidates.Count < 2) return;
        // Every place takes a number.
        if (LlamaRandom.UniformSingle(generator) > probability) return;
        candidates.Softmax(sorted: true);
        int last = 0;
        for (int i = 0; i < candidates.Count && candidates.Probabilities[i] >= threshold; i++) last = i;
        if (last > 0 && candidates.Count - last >= least) candidates.DropFirst(last);
    }
}

namespace Lowrank.Language;

/// <summary>The end of both mirostats: a draw, and the bound for the next place.</summary>
static class MirostatDraw
{
    internal static float Apply(Candidates candidates, MersenneTwister generator, float target, float rate, float bound)
    {
        candidates.Softmax(sorted: true);
        candidates.Selected = LlamaRandom.Draw(candidates, generator);
        float surprise = -MathF.Log2(candidates.Probabilities[candidates.Selected]);
        return bound - rate * (surprise - target);
    }
}

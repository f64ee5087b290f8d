namespace Lowrank.Graphs;

/// <summary>Noise whose draws are told.</summary>
/// <param name="noise">The noise.</param>
/// <param name="watch">Is told.</param>
sealed class WatchedNoise(INoise noise, SamplingWatch watch) : INoise
{
    /// <inheritdoc/>
    public Tensor Draw(NoiseLevel from, NoiseLevel to)
    {
        var drawn = noise.Draw(from, to);
        watch.Draws(drawn);
        return drawn;
    }
}

namespace Lowrank.Diffusion;

/// <summary>
/// The noise of stochastic samplers as k-diffusion draws it: what a Brownian motion over σ does between two levels, brought to variance 1.
/// A seed then gives a like picture with any number of steps.
/// </summary>
/// <remarks>
/// BrownianTreeNoiseSampler of k-diffusion (sampling.py at 4601bf0). It heeds the levels' σ/α in float32, as peers hold them.
/// </remarks>
public sealed class BrownianNoise : INoise
{
    readonly BrownianTree[] trees;
    readonly Device device;

    /// <summary>The motions of a batch.</summary>
    /// <param name="seeds">One per picture, as AUTOMATIC1111 has it; or a single one for all, as ComfyUI has it.</param>
    /// <param name="images">Number of pictures.</param>
    /// <param name="imageShape">Shape of one picture's latents (C, H, W).</param>
    /// <param name="sigmas">
    /// σ/α of the whole schedule, also of the part that image-to-image leaves out in AUTOMATIC1111: the motion spans the positive ones.
    /// </param>
    /// <param name="device">Where the draws go.</param>
    /// <param name="source">What draws; torch's generator of the CPU unless another is given.</param>
    public BrownianNoise(
        IReadOnlyList<long> seeds, int images, long[] imageShape, IEnumerable<double> sigmas, Device device, NoiseSource? source = null)
    {
        if (seeds.Count != images && seeds.Count != 1)
            throw new LowrankException($"{images} images need {images} seeds (or one for all), and {seeds.Count} were given.");
        float[] positive = [.. sigmas.Select(sigma => (float)sigma).Where(sigma => sigma > 0)];
        long[] shape = [images / seeds.Count, .. imageShape];
        trees = [.. seeds.Select(seed => new BrownianTree(seed, shape, positive.Min(), positive.Max(), source))];
        this.device = device;
    }

    /// <inheritdoc/>
    public Tensor Draw(NoiseLevel from, NoiseLevel to)
    {
        using var scope = NewDisposeScope();
        float high = (float)from.Ratio, low = (float)to.Ratio;
        bool falls = low < high;
        var (begin, end) = falls ? (low, high) : (high, low);
        var moved = cat([.. trees.Select(tree => tree.Increment(begin, end))]);
        return scope.MoveToOuter(moved.div_(MathF.Sqrt(end - begin) * (falls ? -1 : 1)).to(device));
    }
}

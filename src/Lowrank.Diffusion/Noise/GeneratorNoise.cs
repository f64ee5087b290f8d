namespace Lowrank.Diffusion;

/// <summary>Normal noise from an own generator for each image: an image does not depend on the batch it is made in.</summary>
/// <remarks>Drawn in float32 on the CPU, so that a seed gives the same picture on every device and in every dtype.</remarks>
public sealed class GeneratorNoise : IBatchNoise
{
    readonly INormalGenerator[] generators;
    readonly long[] shape;
    readonly Device device;
    readonly Func<IEnumerable<double>, INoise> brownian;

    /// <summary>A generator for each seed.</summary>
    /// <param name="seeds">
    /// One per image; or a single one that draws for all <paramref name="images"/> at once, as diffusers does with one generator.
    /// </param>
    /// <param name="images">Number of images.</param>
    /// <param name="imageShape">Shape of one image's latents (C, H, W).</param>
    /// <param name="device">Where the draws go.</param>
    /// <param name="source">The kind of generator; torch's of the CPU unless another is given.</param>
    public GeneratorNoise(IReadOnlyList<long> seeds, int images, long[] imageShape, Device device, NoiseSource? source = null)
    {
        if (seeds.Count != images && seeds.Count != 1)
            throw new LowrankException($"{images} images need {images} seeds (or one for all), and {seeds.Count} were given.");
        generators = [.. seeds.Select((source ?? NoiseSources.Cpu).Create)];
        shape = [images / seeds.Count, .. imageShape];
        this.device = device;
        brownian = sigmas => new BrownianNoise(seeds, images, imageShape, sigmas, device, source);
    }

    /// <inheritdoc/>
    public Tensor First() => Draw();

    /// <inheritdoc/>
    public INoise Brownian(IEnumerable<double> sigmas) => brownian(sigmas);

    /// <inheritdoc/>
    public Tensor Draw(NoiseLevel from, NoiseLevel to) => Draw();

    /// <summary>The next normal draws, whatever they are for.</summary>
    public Tensor Draw()
    {
        using var scope = NewDisposeScope();
        var draws = generators.Select(generator => generator.Draw(shape)).ToArray();
        return scope.MoveToOuter((draws.Length == 1 ? draws[0] : cat(draws)).to(device));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var generator in generators) generator.Dispose();
    }
}

namespace Lowrank.Diffusion;

/// <summary>AUTOMATIC1111's noise: a generator for each picture, with its variations of seeds (modules/rng.py at 82a973c).</summary>
public sealed class WebUiNoise : IBatchNoise
{
    readonly IReadOnlyList<long> seeds;
    readonly long[] shape;
    readonly Device device;
    readonly SeedVariation variation;
    readonly NoiseSource source;
    GeneratorNoise generators;

    /// <summary>The noise of a batch.</summary>
    /// <param name="seeds">One per picture.</param>
    /// <param name="imageShape">Shape of one picture's latents (C, H, W).</param>
    /// <param name="device">Where the draws go.</param>
    /// <param name="variation">What is changed of it.</param>
    /// <param name="source">The kind of generator; torch's of the CPU unless another is given.</param>
    public WebUiNoise(
        IReadOnlyList<long> seeds, long[] imageShape, Device device, SeedVariation? variation = null, NoiseSource? source = null)
    {
        (this.seeds, shape, this.device) = (seeds, imageShape, device);
        this.variation = variation ?? SeedVariation.None;
        this.source = source ?? NoiseSources.Cpu;
        generators = Generators(seeds, shape);
    }

    /// <inheritdoc/>
    public Tensor First()
    {
        using var scope = NewDisposeScope();
        long[] drawn = shape;
        if (variation.ResizeFrom is { Width: > 0, Height: > 0 } size)
            drawn = [shape[0], size.Height / SeedVariation.Factor, size.Width / SeedVariation.Factor];
        bool resized = !drawn.SequenceEqual(shape);
        var noise = resized ? Fresh(seeds, drawn) : generators.Draw();
        if (variation.Strength != 0) noise = Mixed(noise, Fresh([.. seeds.Select((_, i) => variation.Seeds.ElementAtOrDefault(i))], drawn));
        if (resized) noise = LaidInTheMiddle(noise, generators.Draw());
        if (variation.SeedDelta != 0)
        {
            generators.Dispose();
            generators = Generators([.. seeds.Select(seed => seed + variation.SeedDelta)], shape);
        }
        return scope.MoveToOuter(noise);
    }

    /// <inheritdoc/>
    /// <remarks>Of the pictures' own seeds: neither the variation nor the seeds' delta reaches it.</remarks>
    public INoise Brownian(IEnumerable<double> sigmas) => new BrownianNoise(seeds, seeds.Count, shape, sigmas, device, source);

    /// <inheritdoc/>
    public Tensor Draw(NoiseLevel from, NoiseLevel to) => generators.Draw();

    /// <inheritdoc/>
    public void Dispose() => generators.Dispose();

    GeneratorNoise Generators(IReadOnlyList<long> of, long[] each) => new(of, of.Count, each, device, source);

    Tensor Fresh(IReadOnlyList<long> of, long[] each)
    {
        using var fresh = Generators(of, each);
        return fresh.Draw();
    }

    Tensor Mixed(Tensor noise, Tensor other) =>
        stack([.. Enumerable.Range(0, seeds.Count).Select(i => Between(noise[i], other[i], variation.Strength))]);

    // On the arc between the columns of two pictures (C, H, W), which keeps their length; those that are nearly the same are mixed evenly,
    // and there the web UI takes the shares the other way round.
    static Tensor Between(Tensor low, Tensor high, double share)
    {
        var cosine = (low / low.norm(1, true) * (high / high.norm(1, true))).sum(1);
        if (cosine.mean().ToDouble() > 0.9995) return low * share + high * (1 - share);
        var angle = cosine.acos();
        var sine = angle.sin();
        return ((1 - share) * angle).sin().div(sine).unsqueeze(1) * low + (share * angle).sin().div(sine).unsqueeze(1) * high;
    }

    // The part of small that fits is written over the middle of large.
    static Tensor LaidInTheMiddle(Tensor small, Tensor large)
    {
        var (down, height) = Overlap(large.shape[2], small.shape[2]);
        var (across, width) = Overlap(large.shape[3], small.shape[3]);
        var part = small.narrow(2, down.InSmall, height).narrow(3, across.InSmall, width);
        large.narrow(2, down.InLarge, height).narrow(3, across.InLarge, width).copy_(part);
        return large;
    }

    static ((long InLarge, long InSmall) Begin, long Length) Overlap(long large, long small)
    {
        long half = (long)Math.Floor((large - small) / 2.0);
        return ((Math.Max(half, 0), Math.Max(-half, 0)), half >= 0 ? small : small + 2 * half);
    }
}

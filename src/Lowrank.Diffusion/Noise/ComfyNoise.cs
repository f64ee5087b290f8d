namespace Lowrank.Diffusion;

/// <summary>ComfyUI's noise: one generator with one seed for a whole batch.</summary>
/// <remarks>
/// comfy/sample.py and comfy/k_diffusion/sampling.py at a125cd8. Samplers draw from a second generator of the same seed, so that their
/// first draw is the noise that sampling began with.
/// </remarks>
public sealed class ComfyNoise : IBatchNoise
{
    readonly long seed;
    readonly long[] shape;
    readonly Device device;
    readonly IReadOnlyList<int>? indices;
    readonly GeneratorNoise later;

    /// <summary>The noise of a batch.</summary>
    /// <param name="seed">64 bits, of which the generator of the CPU heeds the low 32.</param>
    /// <param name="images">Number of pictures.</param>
    /// <param name="imageShape">Shape of one picture's latents (C, H, W).</param>
    /// <param name="device">Where the draws go.</param>
    /// <param name="indices">
    /// For each picture its number in the batch that it was taken from (a latent's <c>batch_index</c>), from 0: noise is drawn picture by
    /// picture up to it. Null draws the batch at once. Zeros give every picture the same noise.
    /// </param>
    public ComfyNoise(long seed, int images, long[] imageShape, Device device, IReadOnlyList<int>? indices = null)
    {
        if (indices is not null && indices.Count != images)
            throw new LowrankException($"There are {indices.Count} batch indices for {images} pictures: each needs one.");
        (this.seed, this.device, this.indices) = (seed, device, indices);
        shape = [images, .. imageShape];
        later = new GeneratorNoise([seed], images, imageShape, device);
    }

    /// <inheritdoc/>
    public Tensor First()
    {
        using var scope = NewDisposeScope();
        using var generator = NoiseSources.Cpu.Create(seed);
        if (indices is null) return scope.MoveToOuter(generator.Draw(shape).to(device));
        var drawn = Enumerable.Range(0, indices.Max() + 1).Select(_ => generator.Draw([1, .. shape[1..]])).ToArray();
        return scope.MoveToOuter(cat([.. indices.Select(i => drawn[i])]).to(device));
    }

    /// <inheritdoc/>
    public INoise Brownian(IEnumerable<double> sigmas) => later.Brownian(sigmas);

    /// <inheritdoc/>
    public Tensor Draw(NoiseLevel from, NoiseLevel to) => later.Draw();

    /// <inheritdoc/>
    public void Dispose() => later.Dispose();
}

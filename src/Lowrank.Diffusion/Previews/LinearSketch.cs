namespace Lowrank.Diffusion;

/// <summary>A look by the linear map from a pixel of latents to a colour that comes nearest to an autoencoder.</summary>
/// <remarks>
/// Programs keep such numbers for known autoencoders; here they are found for the one at hand: even patches of drawn latents are decoded
/// once, and colours fitted to them by least squares.
/// </remarks>
public sealed class LinearSketch : LatentSketch
{
    // Patches to a side, and latent pixels to a side of a patch: enough for the few numbers that are sought.
    const int Patches = 5, PatchSide = 4;
    const ulong Seed = 0;

    readonly int factor;
    readonly float[] weights;   // (channels + 1, 3): a row for each channel, and what is added

    LinearSketch(int factor, float[] weights) => (this.factor, this.weights) = (factor, weights);

    /// <inheritdoc/>
    public override string About => "a linear approximation of the autoencoder: its colours, blurred";

    /// <summary>Finds the map for an autoencoder.</summary>
    /// <param name="decode">
    /// Pictures (1, 3, H·factor, W·factor) in [−1, 1] of latents (1, C, H, W), scaled as the network sees them.
    /// </param>
    /// <param name="channels">Channels of latents.</param>
    /// <param name="factor">Pixels to a side of a latent one.</param>
    public static LinearSketch Fit(Func<Tensor, Tensor> decode, int channels, int factor)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var generator = new Generator(Seed, CPU);
        var patches = randn([1, channels, Patches, Patches], dtype: ScalarType.Float32, device: CPU, generator: generator);
        var latents = patches.repeat_interleave(PatchSide, 2).repeat_interleave(PatchSide, 3);
        var colours = nn.functional.avg_pool2d(decode(latents).cpu().to(ScalarType.Float32), factor);   // (1, 3, H, W)
        var known = WithOne(latents[0]).to(ScalarType.Float64);   // (H·W, C + 1)
        var wanted = colours[0].flatten(1).t().to(ScalarType.Float64);   // (H·W, 3)
        var found = linalg.solve(known.t().matmul(known), known.t().matmul(wanted));
        return new(factor, found.to(ScalarType.Float32).contiguous().data<float>().ToArray());
    }

    /// <inheritdoc/>
    public override Picture Draw(Tensor latents)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (channels, height, width) = latents.shape;
        var map = tensor(weights, [weights.Length / 3, 3], dtype: ScalarType.Float32, device: CPU);
        if (channels + 1 != map.shape[0])
            throw new ShapeException($"the map of {map.shape[0] - 1} channels cannot draw latents ({channels}, {height}, {width})");
        var small = PictureTransforms.FromTensor(WithOne(latents).matmul(map).t().reshape(3, height, width));
        return Resampler.Resize(small, (int)width * factor, (int)height * factor, ResamplingKernel.Bicubic);
    }

    // (H·W, C + 1): the channels of each pixel, and 1.
    static Tensor WithOne(Tensor latents)
    {
        var pixels = latents.detach().cpu().to(ScalarType.Float32).flatten(1).t();
        return cat([pixels, ones([pixels.shape[0], 1], dtype: ScalarType.Float32, device: CPU)], 1);
    }
}

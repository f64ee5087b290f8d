namespace Lowrank.Models;

/// <summary>
/// Pictures to latents and back (Rombach et al. 2022, arXiv:2112.10752). Module paths are the published ones,
/// <c>encoder.down_blocks.0.resnets.0...</c>
/// </summary>
public sealed class AutoencoderKL : Autoencoder
{
    readonly VaeEncoder encoder;
    readonly VaeDecoder decoder;
    readonly Conv2d? quant_conv, post_quant_conv;

    /// <summary>A model of uninitialized weights.</summary>
    public AutoencoderKL(VaeConfig config, Storage? storage = null) : base(nameof(AutoencoderKL))
    {
        Config = config;
        encoder = new VaeEncoder(config, storage);
        decoder = new VaeDecoder(config, storage);
        if (config.QuantConv) quant_conv = new Conv2d(2 * config.LatentChannels, 2 * config.LatentChannels, 1, storage: storage);
        if (config.PostQuantConv) post_quant_conv = new Conv2d(config.LatentChannels, config.LatentChannels, 1, storage: storage);
        RegisterComponents();
    }

    /// <summary>Its shape and scaling factor.</summary>
    public VaeConfig Config { get; }

    /// <inheritdoc/>
    public override int LatentChannels => Config.LatentChannels;

    /// <inheritdoc/>
    public override int Factor => Config.Factor;

    /// <inheritdoc/>
    public override int SampleSize => Config.SampleSize;

    /// <inheritdoc/>
    /// <remarks>
    /// The peak lies where the finest level begins, whose channels are still those of the level before. On the demo's base in float32 on a
    /// CPU decoding took 5.3 times them at 768x768, and 4.9 times at 1024x1024.
    /// </remarks>
    public override long DecodingBytes(int width, int height)
    {
        const int Copies = 5, FloatBytes = 4;
        int widest = Config.BlockChannels[Math.Min(1, Config.BlockChannels.Count - 1)];
        return (long)width * height * widest * Copies * FloatBytes;
    }

    /// <inheritdoc/>
    public override Tensor ToLatents(Tensor pictures, Tensor draw, VaeTiling? tiling = null)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Encode(pictures.to(Computed), tiling).Sample(draw) * Config.ScalingFactor);
    }

    /// <inheritdoc/>
    public override Tensor ToPictures(Tensor latents, VaeTiling? tiling = null)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Decode((latents / Config.ScalingFactor).to(Computed), tiling));
    }

    /// <summary>
    /// The distribution of latents of pictures (B, C, H, W) in [-1, 1]; H and W should be multiples of the factor. Latents are
    /// unscaled.
    /// </summary>
    /// <param name="images">The pictures.</param>
    /// <param name="tiling">How to work in tiles what is larger than one; null works on the whole.</param>
    public LatentDistribution Encode(Tensor images, VaeTiling? tiling = null) => LayerScope.Run(this, () =>
    {
        Check(images, Config.InChannels, "picture");
        bool isTiled = tiling is not null && VaeTiling.Needed(images, tiling.SampleTile);
        var moments = isTiled ? tiling!.Encode(images, Moments) : Moments(images);
        var halves = moments.chunk(2, 1);
        return new LatentDistribution(halves[0].contiguous(), halves[1].clamp(-30, 20));
    }, LatentDistribution.MoveOut);

    /// <summary>Pictures (B, C, H·f, W·f), about in [-1, 1], of unscaled latents (B, latent channels, H, W).</summary>
    /// <param name="latents">The latents.</param>
    /// <param name="tiling">How to work in tiles what is larger than one; null works on the whole.</param>
    public Tensor Decode(Tensor latents, VaeTiling? tiling = null) => LayerScope.Run(this, () =>
    {
        Check(latents, Config.LatentChannels, "latent");
        bool isTiled = tiling is not null && VaeTiling.Needed(latents, tiling.LatentTile);
        return isTiled ? tiling!.Decode(latents, Picture) : Picture(latents);
    });

    Tensor Moments(Tensor images)
    {
        var h = encoder.call(images);
        return quant_conv is null ? h : h.Then(quant_conv.call(h));
    }

    Tensor Picture(Tensor latents)
    {
        if (post_quant_conv is null) return decoder.call(latents);
        var h = post_quant_conv.call(latents);
        return h.Then(decoder.call(h));
    }

    static void Check(Tensor x, int channels, string what)
    {
        var (_, given, _, _) = x.shape;
        if (given != channels) throw new ShapeException($"the {what} has {given} channels, and the autoencoder takes {channels}");
    }

    /// <summary>
    /// A model with the weights of a folder that holds config.json and diffusion_pytorch_model.safetensors; the attention's old names
    /// and shapes are read too.
    /// </summary>
    /// <exception cref="LowrankException">A file is missing, or does not fit the config.</exception>
    public static AutoencoderKL Load(string folder, Storage? storage = null)
    {
        var config = VaeConfig.Read(Path.Combine(folder, "config.json"));
        using var file = WeightFiles.Open(folder, "diffusion_pytorch_model");
        return From(file, config, storage);
    }

    /// <summary>A model of that shape with the weights of an open file.</summary>
    internal static AutoencoderKL From(ITensorFile file, VaeConfig config, Storage? storage)
    {
        var model = new AutoencoderKL(config, storage);
        Weights.Load(model, file, NewName, reshape: Matrix);
        return model;
    }

    // Until 2023 attention said query, key, value, proj_attn.
    static readonly KeyMap oldNames = new(
        [.. from part in new[] { "encoder", "decoder" }
            from pair in new[] { ("to_q", "query"), ("to_k", "key"), ("to_v", "value"), ("to_out.0", "proj_attn") }
            from kind in new[] { "weight", "bias" }
            select ($"{part}.mid_block.attentions.{{}}.{pair.Item1}.{kind}", $"{part}.mid_block.attentions.{{}}.{pair.Item2}.{kind}")]);

    /// <summary>The present name of a stored tensor.</summary>
    internal static string NewName(string name) => oldNames.ToOwn(name) ?? name;

    // Files made from LDM checkpoints keep attention weights as 1x1 convolutions.
    static Tensor Matrix(string name, Tensor stored) =>
        stored.dim() == 4 && name.Contains(".attentions.", StringComparison.Ordinal) ? stored.Then(stored.flatten(1)) : stored;
}

namespace Lowrank.Models;

/// <summary>
/// TAESD, a small autoencoder (madebyollin/taesd). Module paths are those of diffusers, <c>encoder.layers.0</c>.
/// </summary>
/// <remarks>Its latents are those that the network sees: no scaling factor of the full autoencoder stands between.</remarks>
public sealed class AutoencoderTiny : Autoencoder
{
    readonly Stack? encoder;
    readonly Stack decoder;

    /// <summary>A model of uninitialized weights; without encoder where the config names no blocks of one.</summary>
    public AutoencoderTiny(AutoencoderTinyConfig config, Storage? storage = null) : base(nameof(AutoencoderTiny))
    {
        Config = config;
        if (config.EncoderBlocks.Count > 0) encoder = new Stack("EncoderTiny", EncoderLayers(config, storage));
        decoder = new Stack("DecoderTiny", DecoderLayers(config, storage));
        RegisterComponents();
    }

    /// <summary>Its shape.</summary>
    public AutoencoderTinyConfig Config { get; }

    /// <inheritdoc/>
    public override int LatentChannels => Config.LatentChannels;

    /// <inheritdoc/>
    public override int Factor => Config.Factor;

    /// <inheritdoc/>
    /// <remarks>What diffusers takes for a tile.</remarks>
    public override int SampleSize => 512;

    /// <inheritdoc/>
    public override bool Encodes => encoder is not null;

    /// <inheritdoc/>
    public override long DecodingBytes(int width, int height)
    {
        const int Copies = 4, FloatBytes = 4;
        return (long)width * height * Config.DecoderChannels[^1] * Copies * FloatBytes;
    }

    /// <summary>
    /// Latents (B, latent channels, H/f, W/f) of pictures (B, C, H, W) in [-1, 1]; scaled as the denoising network sees them.
    /// </summary>
    /// <exception cref="LowrankException">It is a decoder alone.</exception>
    public Tensor Encode(Tensor images) => LayerScope.Run(this, () => Encoder.call((images + 1) / 2));

    /// <summary>Pictures, about in [-1, 1], of latents as the denoising network sees them.</summary>
    public Tensor Decode(Tensor latents) => LayerScope.Run(this, () => decoder.call((latents / 3).tanh() * 3) * 2 - 1);

    /// <inheritdoc/>
    public override Tensor ToLatents(Tensor pictures, Tensor draw, VaeTiling? tiling = null)
    {
        using var scope = NewDisposeScope();
        var own = pictures.to(Computed);
        bool isTiled = tiling is not null && VaeTiling.Needed(own, tiling.SampleTile);
        var latents = isTiled ? tiling!.Encode(own, Encode) : Encode(own);
        return scope.MoveToOuter(latents * Config.ScalingFactor);
    }

    /// <inheritdoc/>
    public override Tensor ToPictures(Tensor latents, VaeTiling? tiling = null)
    {
        using var scope = NewDisposeScope();
        var own = (latents / Config.ScalingFactor).to(Computed);
        bool isTiled = tiling is not null && VaeTiling.Needed(own, tiling.LatentTile);
        return scope.MoveToOuter(isTiled ? tiling!.Decode(own, Decode) : Decode(own));
    }

    Stack Encoder => encoder ?? throw new LowrankException("a small autoencoder that is a decoder alone was to encode a picture");

    /// <summary>Latents as values in [0, 1] that a picture file can hold.</summary>
    public Tensor ToUnit(Tensor latents) =>
        LayerScope.Run(this, () => (latents / (2 * Config.LatentMagnitude) + Config.LatentShift).clamp(0, 1));

    /// <summary>The reverse of <see cref="ToUnit"/>.</summary>
    public Tensor FromUnit(Tensor unit) => LayerScope.Run(this, () => (unit - Config.LatentShift) * (2 * Config.LatentMagnitude));

    static IEnumerable<nn.Module<Tensor, Tensor>> EncoderLayers(AutoencoderTinyConfig config, Storage? storage)
    {
        for (int stage = 0; stage < config.EncoderBlocks.Count; stage++)
        {
            int channels = config.EncoderChannels[stage];
            yield return stage == 0
                ? new Conv2d(config.InChannels, channels, 3, padding: 1, storage: storage)
                : new Conv2d(channels, channels, 3, stride: 2, padding: 1, bias: false, storage: storage);
            for (int i = 0; i < config.EncoderBlocks[stage]; i++) yield return new TinyBlock(channels, storage);
        }
        yield return new Conv2d(config.EncoderChannels[^1], config.LatentChannels, 3, padding: 1, storage: storage);
    }

    static IEnumerable<nn.Module<Tensor, Tensor>> DecoderLayers(AutoencoderTinyConfig config, Storage? storage)
    {
        yield return new Conv2d(config.LatentChannels, config.DecoderChannels[0], 3, padding: 1, storage: storage);
        yield return nn.ReLU();
        for (int stage = 0; stage < config.DecoderBlocks.Count; stage++)
        {
            int channels = config.DecoderChannels[stage];
            for (int i = 0; i < config.DecoderBlocks[stage]; i++) yield return new TinyBlock(channels, storage);
            bool last = stage == config.DecoderBlocks.Count - 1;
            if (!last) yield return new Enlargement(config.Upsampling);
            yield return new Conv2d(channels, last ? config.OutChannels : channels, 3, padding: 1, bias: last, storage: storage);
        }
    }

    /// <summary>A model with the weights of a folder that holds config.json and diffusion_pytorch_model.safetensors.</summary>
    /// <exception cref="LowrankException">A file is missing, or does not fit the config.</exception>
    public static AutoencoderTiny Load(string folder, Storage? storage = null)
    {
        var model = new AutoencoderTiny(AutoencoderTinyConfig.Read(Path.Combine(folder, "config.json")), storage);
        using var file = WeightFiles.Open(folder, "diffusion_pytorch_model");
        Weights.Load(model, file);
        return model;
    }

    /// <summary>Layers one after the other, under the name <c>layers</c>.</summary>
    sealed class Stack : Layer
    {
        readonly Modules.ModuleList<nn.Module<Tensor, Tensor>> layers;

        public Stack(string name, IEnumerable<nn.Module<Tensor, Tensor>> content) : base(name)
        {
            layers = new([.. content]);
            RegisterComponents();
        }

        protected override Tensor Compute(Tensor x)
        {
            var h = layers[0].call(x);
            foreach (var layer in layers.Skip(1)) h = h.Then(layer.call(h));
            return h;
        }
    }

    /// <summary>Three convolutions with a residual.</summary>
    sealed class TinyBlock : Layer
    {
        readonly Modules.ModuleList<nn.Module<Tensor, Tensor>> conv;

        public TinyBlock(int channels, Storage? storage) : base("AutoencoderTinyBlock")
        {
            conv = new(Convolution(), nn.ReLU(), Convolution(), nn.ReLU(), Convolution());
            RegisterComponents();

            Conv2d Convolution() => new(channels, channels, 3, padding: 1, storage: storage);
        }

        protected override Tensor Compute(Tensor x)
        {
            var h = conv[0].call(x);
            foreach (var layer in conv.Skip(1)) h = h.Then(layer.call(h));
            return h.Plus(x).relu();
        }
    }

    /// <summary>Nearest-neighbour enlargement.</summary>
    sealed class Enlargement(int factor) : Layer("Upsample")
    {
        protected override Tensor Compute(Tensor x) =>
            nn.functional.upsample_nearest2d(x, [x.shape[2] * factor, x.shape[3] * factor], null);
    }
}

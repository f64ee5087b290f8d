namespace Lowrank.Models;

/// <summary>Latents (B, latent channels, H, W) to pictures (B, C, H·f, W·f).</summary>
sealed class VaeDecoder : Layer
{
    readonly Conv2d conv_in;
    readonly Modules.ModuleList<UpBlock> up_blocks;
    readonly VaeMidBlock mid_block;
    readonly GroupNorm conv_norm_out;
    readonly Conv2d conv_out;

    public VaeDecoder(VaeConfig config, Storage? storage) : base("Decoder")
    {
        conv_in = new Conv2d(config.LatentChannels, config.BlockChannels[^1], 3, padding: 1, storage: storage);
        up_blocks = new([.. Enumerable.Range(0, config.BlockChannels.Count).Select(index => new UpBlock(config, index, storage))]);
        mid_block = new VaeMidBlock(config, storage);
        conv_norm_out = new GroupNorm(config.NormGroups, config.BlockChannels[0], 1e-6, storage);
        conv_out = new Conv2d(config.BlockChannels[0], config.OutChannels, 3, padding: 1, storage: storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var h = conv_in.call(x);
        h = h.Then(mid_block.call(h));
        foreach (var block in up_blocks) h = h.Then(block.call(h));
        h = Fresh.Silu(h.Then(conv_norm_out.call(h)));
        return conv_out.call(h);
    }

    /// <summary>Resnets, then doubling, but on the finest level.</summary>
    sealed class UpBlock : Layer
    {
        readonly Modules.ModuleList<ResnetBlock2D> resnets;
        readonly Modules.ModuleList<Upsample2D>? upsamplers;

        public UpBlock(VaeConfig config, int index, Storage? storage) : base("UpDecoderBlock2D")
        {
            int level = config.BlockChannels.Count - 1 - index;
            int channels = config.BlockChannels[level];
            int incoming = config.BlockChannels[Math.Min(level + 1, config.BlockChannels.Count - 1)];
            resnets = new([.. Enumerable.Range(0, config.LayersPerBlock + 1).Select(i =>
                new ResnetBlock2D(i == 0 ? incoming : channels, channels, config.NormGroups, 1e-6, timeChannels: null, storage))]);
            if (level > 0) upsamplers = new(new Upsample2D(channels, storage));
            RegisterComponents();
        }

        protected override Tensor Compute(Tensor x)
        {
            var h = resnets[0].call(x, null);
            foreach (var resnet in resnets.Skip(1)) h = h.Then(resnet.call(h, null));
            var (_, _, height, width) = h.shape;
            return upsamplers is null ? h : upsamplers[0].call(h, (2 * height, 2 * width));
        }
    }
}

namespace Lowrank.Models;

/// <summary>Pictures (B, C, H, W) to means and log variances (B, 2·latent channels, H/f, W/f).</summary>
sealed class VaeEncoder : Layer
{
    readonly Conv2d conv_in;
    readonly Modules.ModuleList<DownBlock> down_blocks;
    readonly VaeMidBlock mid_block;
    readonly GroupNorm conv_norm_out;
    readonly Conv2d conv_out;

    public VaeEncoder(VaeConfig config, Storage? storage) : base("Encoder")
    {
        conv_in = new Conv2d(config.InChannels, config.BlockChannels[0], 3, padding: 1, storage: storage);
        down_blocks = new([.. Enumerable.Range(0, config.BlockChannels.Count).Select(level => new DownBlock(config, level, storage))]);
        mid_block = new VaeMidBlock(config, storage);
        conv_norm_out = new GroupNorm(config.NormGroups, config.BlockChannels[^1], 1e-6, storage);
        conv_out = new Conv2d(config.BlockChannels[^1], 2 * config.LatentChannels, 3, padding: 1, storage: storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var h = conv_in.call(x);
        foreach (var block in down_blocks) h = h.Then(block.call(h));
        h = h.Then(mid_block.call(h));
        h = Fresh.Silu(h.Then(conv_norm_out.call(h)));
        return conv_out.call(h);
    }

    /// <summary>Resnets, then halving, but on the coarsest level.</summary>
    sealed class DownBlock : Layer
    {
        readonly Modules.ModuleList<ResnetBlock2D> resnets;
        readonly Modules.ModuleList<Downsample2D>? downsamplers;

        public DownBlock(VaeConfig config, int level, Storage? storage) : base("DownEncoderBlock2D")
        {
            int channels = config.BlockChannels[level], incoming = config.BlockChannels[Math.Max(level - 1, 0)];
            resnets = new([.. Enumerable.Range(0, config.LayersPerBlock).Select(i =>
                new ResnetBlock2D(i == 0 ? incoming : channels, channels, config.NormGroups, 1e-6, timeChannels: null, storage))]);
            if (level < config.BlockChannels.Count - 1) downsamplers = new(new Downsample2D(channels, padAllSides: false, storage));
            RegisterComponents();
        }

        protected override Tensor Compute(Tensor x)
        {
            var h = resnets[0].call(x, null);
            foreach (var resnet in resnets.Skip(1)) h = h.Then(resnet.call(h, null));
            return downsamplers is null ? h : downsamplers[0].call(h);
        }
    }
}

namespace Lowrank.Models;

/// <summary>The coarsest place of encoder and decoder: a resnet, attention, a resnet.</summary>
sealed class VaeMidBlock : Layer
{
    readonly Modules.ModuleList<VaeAttention>? attentions;
    readonly Modules.ModuleList<ResnetBlock2D> resnets;

    public VaeMidBlock(VaeConfig config, Storage? storage) : base("UNetMidBlock2D")
    {
        int channels = config.BlockChannels[^1];
        if (config.MidBlockAttention) attentions = new(new VaeAttention(channels, config.NormGroups, storage));
        resnets = new(Resnet(), Resnet());
        RegisterComponents();

        ResnetBlock2D Resnet() => new(channels, channels, config.NormGroups, 1e-6, timeChannels: null, storage);
    }

    protected override Tensor Compute(Tensor x)
    {
        var h = resnets[0].call(x, null);
        if (attentions is not null) h = h.Then(attentions[0].call(h));
        return h.Then(resnets[1].call(h, null));
    }
}

namespace Lowrank.Models;

/// <summary>The coarsest place: a resnet, then a transformer and a resnet.</summary>
sealed class MidBlock2D : Layer<Tensor, Conditions>
{
    readonly Modules.ModuleList<Transformer2D> attentions;
    readonly Modules.ModuleList<ResnetBlock2D> resnets;

    public MidBlock2D(UNetConfig config, Storage? storage) : base("UNetMidBlock2DCrossAttn")
    {
        int channels = config.BlockChannels[^1];
        attentions = new(new Transformer2D(config, channels, config.Heads[^1], config.TransformerDepth[^1], storage));
        resnets = new(Resnet(), Resnet());
        RegisterComponents();

        ResnetBlock2D Resnet() => new(channels, channels, config.NormGroups, config.NormEps, config.TimeChannels, storage);
    }

    protected override Tensor Compute(Tensor x, Conditions conditions)
    {
        var h = conditions.Through(resnets[0], x);
        h = h.Then(conditions.Through(attentions[0], h, conditions.Changes.MiddleSelfAttention));
        return h.Then(conditions.Through(resnets[1], h));
    }
}

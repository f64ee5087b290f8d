namespace Lowrank.Models;

/// <summary>
/// One level on the way down: resnets, each followed by a transformer where the level attends, then halving (not on the coarsest
/// level).
/// </summary>
/// <remarks>Gives every step's answer; the last one is the block's. The others wait as skip connections.</remarks>
sealed class DownBlock2D : nn.Module<Tensor, Conditions, IReadOnlyList<Tensor>>
{
    readonly Modules.ModuleList<Transformer2D>? attentions;
    readonly Modules.ModuleList<ResnetBlock2D> resnets;
    readonly Modules.ModuleList<Downsample2D>? downsamplers;

    public DownBlock2D(UNetConfig config, int level, Storage? storage) : base(config.DownBlocks[level])
    {
        int channels = config.BlockChannels[level], incoming = config.BlockChannels[Math.Max(level - 1, 0)];
        int layers = config.LayersPerBlock[level];
        if (config.DownBlocks[level] == UNetConfig.CrossDown)
            attentions = new([.. Enumerable.Range(0, layers).Select(_ =>
                new Transformer2D(config, channels, config.Heads[level], config.TransformerDepth[level], storage))]);
        resnets = new([.. Enumerable.Range(0, layers).Select(i =>
            new ResnetBlock2D(i == 0 ? incoming : channels, channels, config.NormGroups, config.NormEps, config.TimeChannels, storage))]);
        if (level < config.Levels - 1) downsamplers = new(new Downsample2D(channels, padAllSides: true, storage));
        RegisterComponents();
    }

    public override IReadOnlyList<Tensor> forward(Tensor x, Conditions conditions) => LayerScope.Run<IReadOnlyList<Tensor>>(this, () =>
    {
        var steps = new List<Tensor>();
        for (int i = 0; i < resnets.Count; i++)
        {
            x = conditions.Through(resnets[i], x);
            if (attentions is not null) x = x.Then(conditions.Through(attentions[i], x));
            steps.Add(x);
        }
        if (downsamplers is not null) steps.Add(downsamplers[0].call(x));
        return steps;
    }, (scope, steps) => [.. steps.Select(scope.MoveToOuter)]);
}

namespace Lowrank.Models;

/// <summary>
/// One level on the way up: resnets over the hidden state joined with a skip connection, each followed by a transformer where the level
/// attends, then enlargement (not on the finest level).
/// </summary>
/// <remarks>
/// It takes its skip connections off the stack, and frees them and the hidden state it was given as soon as they are joined.
/// </remarks>
sealed class UpBlock2D : Layer<Tensor, Stack<Tensor>, Conditions>
{
    readonly Modules.ModuleList<Transformer2D>? attentions;
    readonly Modules.ModuleList<ResnetBlock2D> resnets;
    readonly Modules.ModuleList<Upsample2D>? upsamplers;

    /// <param name="config">The network's shape.</param>
    /// <param name="index">Number of the block on the way up, 0 being the coarsest.</param>
    /// <param name="storage">Where weights are kept.</param>
    public UpBlock2D(UNetConfig config, int index, Storage? storage) : base(config.UpBlocks[index])
    {
        int level = config.Levels - 1 - index, layers = config.LayersPerBlock[level] + 1;
        int channels = config.BlockChannels[level];
        int incoming = config.BlockChannels[Math.Min(level + 1, config.Levels - 1)], finer = config.BlockChannels[Math.Max(level - 1, 0)];
        if (config.UpBlocks[index] == UNetConfig.CrossUp)
            attentions = new([.. Enumerable.Range(0, layers).Select(_ =>
                new Transformer2D(config, channels, config.Heads[level], config.TransformerDepth[level], storage))]);
        // The last skip connection of a level comes from where the level below it was left: the finer level's channels.
        resnets = new([.. Enumerable.Range(0, layers).Select(Resnet)]);
        if (level > 0) upsamplers = new(new Upsample2D(channels, storage));
        RegisterComponents();

        ResnetBlock2D Resnet(int i)
        {
            int own = i == 0 ? incoming : channels, skip = i == layers - 1 ? finer : channels;
            return new(own + skip, channels, config.NormGroups, config.NormEps, config.TimeChannels, storage);
        }
    }

    protected override Tensor Compute(Tensor x, Stack<Tensor> skips, Conditions conditions)
    {
        for (int i = 0; i < resnets.Count; i++)
        {
            var skip = skips.Pop();
            if (conditions.Changes.DoublesOddSizes) x = x.Then(Fitting(x, skip));
            var joined = x.Then(skip.Then(Joined(x, skip, conditions.Changes)));
            x = joined.Then(conditions.Through(resnets[i], joined));
            if (attentions is not null) x = x.Then(conditions.Through(attentions[i], x));
        }
        if (upsamplers is null) return x;
        var (_, _, height, width) = conditions.Changes.DoublesOddSizes ? Doubled(x) : skips.Peek().shape;
        return upsamplers[0].call(x, (height, width));
    }

    static Tensor Joined(Tensor hidden, Tensor skip, UNetChanges changes)
    {
        if (changes.BeforeJoining is not { } change) return cat([hidden, skip], 1);
        using var scope = NewDisposeScope();
        var (changed, changedSkip) = change(hidden, skip);
        return scope.MoveToOuter(cat([changed, changedSkip], 1));
    }

    static long[] Doubled(Tensor x) => [x.shape[0], x.shape[1], 2 * x.shape[2], 2 * x.shape[3]];

    static Tensor Fitting(Tensor x, Tensor skip)
    {
        var (_, _, height, width) = skip.shape;
        bool fits = x.shape[2] == height && x.shape[3] == width;
        return fits ? x.alias() : nn.functional.upsample_nearest2d(x, [height, width], null);
    }
}

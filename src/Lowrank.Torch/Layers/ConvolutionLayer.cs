namespace Lowrank.Torch.Layers;

/// <summary>What the three convolutions share.</summary>
public abstract class ConvolutionLayer : AdaptableLayer
{
    ConvolutionWalk walk;

    internal ConvolutionLayer(
        string name, int axes, long inChannels, long outChannels, long kernel, long stride, long padding, long dilation, long groups,
        bool bias, Storage? storage)
        : base(name, storage, [outChannels, inChannels / groups, .. Enumerable.Repeat(kernel, axes)], bias ? outChannels : 0)
    {
        walk = new(Along(stride), Along(padding), Along(dilation), groups);

        long[] Along(long size) => [.. Enumerable.Repeat(size, axes)];
    }

    /// <summary>Whether it pads with what lies on the other side, so that answers go on across their edges; else with zeros.</summary>
    public bool Wraps
    {
        get => walk.Wraps;
        set => walk = walk with { Wraps = value };
    }

    /// <inheritdoc/>
    public override ConvolutionWalk Convolution => walk;

    /// <inheritdoc/>
    public override Tensor Run(Tensor x, Tensor weight, Tensor? bias) => Convolution.Run(x, Like(weight, x), Like(bias, x));
}

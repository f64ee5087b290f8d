namespace Lowrank.Torch.Layers;

/// <summary>What the three convolutions share.</summary>
public abstract class ConvolutionLayer : AdaptableLayer
{
    internal ConvolutionLayer(
        string name, int axes, long inChannels, long outChannels, long kernel, long stride, long padding, long dilation, long groups,
        bool bias, Storage? storage)
        : base(name, storage, [outChannels, inChannels / groups, .. Enumerable.Repeat(kernel, axes)], bias ? outChannels : 0)
    {
        Convolution = new(Along(stride), Along(padding), Along(dilation), groups);

        long[] Along(long size) => [.. Enumerable.Repeat(size, axes)];
    }

    /// <inheritdoc/>
    public override ConvolutionWalk Convolution { get; }

    /// <inheritdoc/>
    public override Tensor Run(Tensor x, Tensor weight, Tensor? bias) => Convolution.Run(x, Like(weight, x), Like(bias, x));
}

namespace Lowrank.Torch;

/// <summary>How a convolution walks over its input; one number per spatial axis.</summary>
/// <param name="Stride">Steps between outputs.</param>
/// <param name="Padding">Zeros on both sides.</param>
/// <param name="Dilation">Steps between kernel entries.</param>
/// <param name="Groups">Into how many independent groups channels are split.</param>
public sealed record ConvolutionWalk(long[] Stride, long[] Padding, long[] Dilation, long Groups)
{
    /// <summary>The same walk with a kernel of one and no grouping: what an up projection after a strided down projection does.</summary>
    public static ConvolutionWalk Pointwise(int axes) => new(Ones(axes), new long[axes], Ones(axes), 1);

    /// <summary>
    /// x convolved with <paramref name="weight"/> (out, in/groups, k...), over as many axes as the weight has kernel sizes.
    /// </summary>
    public Tensor Run(Tensor x, Tensor weight, Tensor? bias) => (weight.dim() - 2) switch
    {
        1 => nn.functional.conv1d(x, weight, bias, Stride[0], Padding[0], Dilation[0], Groups),
        2 => nn.functional.conv2d(x, weight, bias, Stride, Padding, Dilation, Groups),
        3 => nn.functional.conv3d(x, weight, bias, Stride, Padding, Dilation, Groups),
        var axes => throw new LowrankException("A convolution has 1, 2 or 3 spatial axes, " +
            $"and a weight of {axes + 2} axes was given: shape {weight.shape.Text()}."),
    };

    static long[] Ones(int axes) => [.. Enumerable.Repeat(1L, axes)];
}

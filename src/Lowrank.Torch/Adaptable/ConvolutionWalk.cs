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

    /// <summary>Whether the layer convolves transposed, from places of its input to places of its answer.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>What a transposed convolution adds to the size of its answer; null for nothing.</summary>
    public long[]? OutputPadding { get; init; }

    /// <summary>Whether it pads with what lies on the other side, in place of zeros.</summary>
    public bool Wraps { get; init; }

    /// <summary>
    /// x convolved with <paramref name="weight"/>, (out, in/groups, k...) or transposed (in, out/groups, k...), over as many axes as the
    /// weight has kernel sizes.
    /// </summary>
    public Tensor Run(Tensor x, Tensor weight, Tensor? bias)
    {
        if (!Wraps || Padding.All(padding => padding == 0)) return RunPlain(x, weight, bias);
        using var scope = NewDisposeScope();
        long[] sides = [.. Padding.Reverse().SelectMany(padding => new[] { padding, padding })];   // the last axis first
        var padded = nn.functional.pad(x, sides, PaddingModes.Circular);
        return scope.MoveToOuter((this with { Padding = new long[Padding.Length] }).RunPlain(padded, weight, bias));
    }

    Tensor RunPlain(Tensor x, Tensor weight, Tensor? bias) => (weight.dim() - 2, IsTransposed) switch
    {
        (1, false) => nn.functional.conv1d(x, weight, bias, Stride[0], Padding[0], Dilation[0], Groups),
        (2, false) when ConvolutionTiles.IsFaster(x, weight, bias, this) => ConvolutionTiles.Convolve(x, weight, bias, this),
        (2, false) when ConvolutionProduct.IsFaster(x, weight, bias, this) => ConvolutionProduct.Convolve(x, weight, bias, this),
        (2, false) when ConvolutionPieces.Suit(x, weight, this) => ConvolutionPieces.Convolve(x, weight, bias, this),
        (2, false) => nn.functional.conv2d(x, weight, bias, Stride, Padding, Dilation, Groups),
        (3, false) => nn.functional.conv3d(x, weight, bias, Stride, Padding, Dilation, Groups),
        (1, true) => nn.functional.conv_transpose1d(x, weight, bias, Stride[0], Padding[0], Added[0], Dilation[0], Groups),
        (2, true) => nn.functional.conv_transpose2d(x, weight, bias, Stride, Padding, Added, Dilation, Groups),
        (3, true) => nn.functional.conv_transpose3d(x, weight, bias, Stride, Padding, Added, Dilation, Groups),
        var (axes, _) => throw new LowrankException("A convolution has 1, 2 or 3 spatial axes, " +
            $"and a weight of {axes + 2} axes was given: shape {weight.shape.Text()}."),
    };

    /// <summary>The answer's places along a spatial axis of <paramref name="size"/> places.</summary>
    internal long Places(long size, long kernel, int axis) =>
        (size + 2 * Padding[axis] - Dilation[axis] * (kernel - 1) - 1) / Stride[axis] + 1;

    long[] Added => OutputPadding ?? new long[Stride.Length];

    /// <summary>A weight (out, in/groups, k...) as <see cref="Run"/> takes it.</summary>
    public Tensor Stored(Tensor weight) => IsTransposed ? Exchanged(weight, Groups) : weight;

    /// <summary>
    /// A weight (out, in/groups, k...) as (in, out/groups, k...), or back: within each group, the first two axes change places.
    /// </summary>
    public static Tensor Exchanged(Tensor weight, long groups)
    {
        long[] shape = weight.shape, kernel = shape[2..];
        var grouped = weight.reshape([groups, shape[0] / groups, shape[1], .. kernel]);   // (G, A, B, k...)
        return grouped.transpose(1, 2).reshape([groups * shape[1], shape[0] / groups, .. kernel]);
    }

    static long[] Ones(int axes) => [.. Enumerable.Repeat(1L, axes)];
}

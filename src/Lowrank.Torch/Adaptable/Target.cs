namespace Lowrank.Torch;

/// <summary>
/// One weight that is adapted: its path in the model, its layer kind and shape. Everything about flattening and transposing happens here,
/// once.
/// </summary>
/// <param name="Path">Component and module path, as in <c>unet.mid_block.attentions.0.proj_in</c>.</param>
/// <param name="Kind">What the layer does with its weight.</param>
/// <param name="WeightShape">Shape of the weight as the layer stores it.</param>
/// <param name="Convolution">How the layer convolves; null when it does not.</param>
public sealed record Target(string Path, LayerKind Kind, long[] WeightShape, ConvolutionWalk? Convolution = null)
{
    /// <summary>The target at <paramref name="path"/> that <paramref name="layer"/> is.</summary>
    public static Target Of(string path, IAdaptable layer) => new(path, layer.Kind, layer.Weight.Shape, layer.Convolution)
    {
        Within = layer switch
        {
            SealedWeight own => own.Within,
            AdaptableParameter => nameof(Parameter),
            _ => null,
        },
    };

    /// <summary>
    /// The class of TorchSharp whose weight it is, where that takes several tensors or has several weights: <c>LSTM</c>; <c>Parameter</c>
    /// of an <see cref="AdaptableParameter"/>; null for a layer of its own.
    /// </summary>
    public string? Within { get; init; }

    /// <summary>Output channels: the matrix's rows.</summary>
    public long Out => Kind switch
    {
        LayerKind.TransposedLinear or LayerKind.Embedding => WeightShape[1],
        _ when IsTransposedConvolution => WeightShape[1] * Groups,
        _ => WeightShape[0],
    };

    /// <summary>Input channels of one group, without the kernel (an embedding's vocabulary).</summary>
    public long In => Kind switch
    {
        LayerKind.TransposedLinear or LayerKind.Embedding => WeightShape[0],
        LayerKind.Norm => 1,
        LayerKind.Linear => WeightShape[1..].Aggregate(1L, (product, side) => product * side),
        _ when IsTransposedConvolution => WeightShape[0] / Groups,
        _ => WeightShape[1],
    };

    /// <summary>Kernel sizes, one per spatial axis; empty for a layer that does not convolve.</summary>
    public long[] Kernel => IsConvolution ? WeightShape[2..] : [];

    /// <summary>Input channels times kernel sizes: the matrix's columns.</summary>
    public long Columns => Kernel.Aggregate(In, (product, k) => product * k);

    /// <summary>Whether the layer convolves, transposed or not.</summary>
    public bool IsConvolution => Kind is LayerKind.Conv1d or LayerKind.Conv2d or LayerKind.Conv3d || IsTransposedConvolution;

    /// <summary>Whether the layer convolves transposed.</summary>
    public bool IsTransposedConvolution => Kind is LayerKind.ConvTranspose1d or LayerKind.ConvTranspose2d or LayerKind.ConvTranspose3d;

    long Groups => Convolution?.Groups ?? 1;

    /// <summary>Whether the layer convolves with a kernel larger than one entry.</summary>
    public bool IsSpatial => Kernel.Any(k => k > 1);

    /// <summary>The weight as a matrix (out, in·kh·kw).</summary>
    public Tensor ToMatrix(Tensor weight) => Kind switch
    {
        LayerKind.TransposedLinear or LayerKind.Embedding => weight.t(),
        _ when IsTransposedConvolution => ConvolutionWalk.Exchanged(weight, Groups).reshape(Out, Columns),
        _ => weight.reshape(Out, Columns),
    };

    /// <summary>A matrix (out, in·kh·kw) in the shape in which the layer stores its weight.</summary>
    public Tensor FromMatrix(Tensor matrix) => Kind switch
    {
        LayerKind.TransposedLinear or LayerKind.Embedding => matrix.t(),
        _ when IsTransposedConvolution => ConvolutionWalk.Exchanged(matrix.reshape([Out, In, .. Kernel]), Groups),
        _ => matrix.reshape(WeightShape),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Path} ({Kind}, {string.Join("x", WeightShape)})";
}

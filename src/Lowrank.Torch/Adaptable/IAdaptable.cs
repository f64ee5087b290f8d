namespace Lowrank.Torch;

/// <summary>A layer whose weight can be adapted: it can run with another weight, and has one slot for a host of adapters.</summary>
public interface IAdaptable
{
    /// <summary>What the layer does with its weight.</summary>
    LayerKind Kind { get; }

    /// <summary>The frozen weight, however it is stored.</summary>
    IWeight Weight { get; }

    /// <summary>The bias, or null.</summary>
    Tensor? Bias { get; }

    /// <summary>Stride, padding, dilation and groups; null for a layer that does not convolve.</summary>
    ConvolutionWalk? Convolution { get; }

    /// <summary>
    /// Whether the layer is in training mode, as <c>net.train()</c> and <c>net.eval()</c> say; dropouts of adapters follow it.
    /// </summary>
    bool Training => (this as nn.Module)?.training ?? true;

    /// <summary>The base's own answer, without any adapter.</summary>
    Tensor Run(Tensor x);

    /// <summary>
    /// The layer's answer with <paramref name="weight"/> (shape of <see cref="Weight"/>) in place of its own; gradients reach both
    /// arguments.
    /// </summary>
    Tensor Run(Tensor x, Tensor weight) => Run(x, weight, Bias);

    /// <summary>
    /// The same with <paramref name="bias"/> in place of its own too; null runs without a bias, and a layer that has none takes one.
    /// </summary>
    Tensor Run(Tensor x, Tensor weight, Tensor? bias);

    /// <summary>Takes a new bias for good; shape and dtype must be the old one's.</summary>
    /// <exception cref="ShapeException">The layer has no bias, or one of another shape or dtype.</exception>
    void SetBias(Tensor bias);

    /// <summary>Who answers in the layer's place while set; null means the base answers.</summary>
    IAdapterHost? Host { get; set; }
}

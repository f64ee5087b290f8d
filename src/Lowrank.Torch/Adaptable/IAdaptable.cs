namespace Lowrank.Torch;

/// <summary>A layer whose weight can be adapted: it can run with another weight, and has one slot for a host of adapters.</summary>
public interface IAdaptable
{
    /// <summary>What the layer does with its weight.</summary>
    LayerKind Kind { get; }

    /// <summary>The frozen weight, in its stored dtype.</summary>
    Tensor Weight { get; }

    /// <summary>The bias, or null.</summary>
    Tensor? Bias { get; }

    /// <summary>Stride, padding, dilation and groups; null for a layer that does not convolve.</summary>
    Convolution? Convolution { get; }

    /// <summary>The base's own answer, without any adapter.</summary>
    Tensor Run(Tensor x);

    /// <summary>The layer's answer with <paramref name="weight"/> (shape of <see cref="Weight"/>) in place of its own; gradients reach both arguments.</summary>
    Tensor Run(Tensor x, Tensor weight) => Run(x, weight, Bias);

    /// <summary>The same with <paramref name="bias"/> in place of its own too; null runs without a bias, and a layer that has none takes one.</summary>
    Tensor Run(Tensor x, Tensor weight, Tensor? bias);

    /// <summary>Takes a new weight for good (merging); the old one is the caller's to keep. Shape and dtype must be the old one's.</summary>
    void SetWeight(Tensor weight);

    /// <summary>Takes a new bias for good; shape and dtype must be the old one's.</summary>
    /// <exception cref="ShapeException">The layer has no bias, or one of another shape or dtype.</exception>
    void SetBias(Tensor bias);

    /// <summary>Who answers in the layer's place while set; null means the base answers.</summary>
    IAdapterHost? Host { get; set; }
}

/// <summary>What sits in an adaptable layer's slot and answers in its place.</summary>
public interface IAdapterHost
{
    /// <summary>The adapted answer of <paramref name="layer"/> for <paramref name="x"/>.</summary>
    Tensor Forward(Tensor x, IAdaptable layer);

    /// <summary>The same where the layer has given its own <paramref name="answer"/> already, so that it need not be asked again.</summary>
    Tensor Forward(Tensor x, IAdaptable layer, Tensor answer) => Forward(x, layer);

    /// <summary>The adapted weight, with its history, and the bias of a <paramref name="layer"/> that can only be run with what stands in the place of its own; null where those are to stay.</summary>
    /// <exception cref="LowrankException">The host cannot say it by weights.</exception>
    (Tensor Weight, Tensor? Bias)? Adapted(IAdaptable layer) => throw new LowrankException($"a {GetType().Name} cannot adapt a layer through its weight");
}

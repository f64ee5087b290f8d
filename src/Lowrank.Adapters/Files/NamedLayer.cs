namespace Lowrank.Adapters;

/// <summary>A layer of which an adapter's file tells the name and the shape, and nothing else is known.</summary>
sealed class NamedLayer : NamedNode, IAdaptable
{
    readonly Tensor shape;

    /// <summary>Of a kind and a weight's shape.</summary>
    public NamedLayer(LayerKind kind, long[] weight)
    {
        Kind = kind;
        using var scope = NewDisposeScope();
        shape = empty(weight, device: META).DetachFromDisposeScope();
        bool convolves = kind is LayerKind.Conv1d or LayerKind.Conv2d or LayerKind.Conv3d;
        Convolution = convolves ? ConvolutionWalk.Pointwise(weight.Length - 2) : null;
    }

    /// <inheritdoc/>
    public LayerKind Kind { get; }

    /// <inheritdoc/>
    public IWeight Weight => new DenseWeight(() => shape);

    /// <inheritdoc/>
    public Tensor? Bias => null;

    /// <inheritdoc/>
    public ConvolutionWalk? Convolution { get; }

    /// <inheritdoc/>
    public Tensor Run(Tensor x) => throw Nothing();

    /// <inheritdoc/>
    public Tensor Run(Tensor x, Tensor weight, Tensor? bias) => throw Nothing();

    /// <inheritdoc/>
    public void SetBias(Tensor bias) => throw Nothing();

    /// <inheritdoc/>
    public IAdapterHost? Host { get; set; }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) shape.Dispose();
        base.Dispose(disposing);
    }

    static NotSupportedException Nothing() => new("a layer that is a name and a shape computes nothing");
}

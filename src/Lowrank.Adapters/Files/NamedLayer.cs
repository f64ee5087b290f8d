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
        var target = new Target("", kind, weight);
        Convolution = target.IsConvolution
            ? ConvolutionWalk.Pointwise(weight.Length - 2) with { IsTransposed = target.IsTransposedConvolution }
            : null;
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

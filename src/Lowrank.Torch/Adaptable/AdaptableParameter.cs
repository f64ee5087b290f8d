namespace Lowrank;

/// <summary>A parameter that a module's own code reads, made adaptable: the code reads <see cref="Value"/>.</summary>
/// <remarks>
/// A field that holds a bare parameter is the same for all calls, so that no adapter can stand in its place for one of them. This one
/// gives each call its own. An adapter works through the whole value: dropouts beside it and adapters of single rows are refused.
/// </remarks>
/// <example><code>
/// readonly AdaptableParameter mixing = new(torch.randn(64, 32));
/// public override Tensor forward(Tensor x) => x.matmul(mixing.Value);
/// </code></example>
public sealed class AdaptableParameter : nn.Module, IAdaptable
{
    readonly Parameter weight;
    volatile IAdapterHost? host;
    FrozenParameters? frozen;

    /// <summary>A parameter named <c>weight</c> in the module that holds this one.</summary>
    /// <param name="value">
    /// Taken over: a vector, which methods of norms adapt, or a matrix, whose rows are the first axis and whose columns all others.
    /// </param>
    /// <exception cref="ShapeException">It has no axis, or is not of a floating dtype.</exception>
    public AdaptableParameter(Tensor value) : base(nameof(AdaptableParameter))
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.dim() == 0) throw new ShapeException("a single number cannot be adapted; give it an axis of one");
        if (!value.is_floating_point())
            throw new ShapeException($"a parameter of {value.dtype} {value.shape.Text()} has no gradient and cannot be adapted; give it " +
                "in a floating dtype, or hold it as a buffer");
        Kind = value.dim() == 1 ? LayerKind.Norm : LayerKind.Linear;
        weight = value as Parameter ?? new Parameter(value);
        weight.DetachFromDisposeScope();
        register_parameter("weight", weight);
        Weight = new DenseWeight(() => weight);
    }

    /// <summary>
    /// The parameter as this call has it: itself, or with its adapters. What is made of it belongs to the caller's scope.
    /// </summary>
    public Tensor Value => host?.Adapted(this)?.Weight ?? weight;

    /// <inheritdoc/>
    public LayerKind Kind { get; }

    /// <inheritdoc/>
    public IWeight Weight { get; }

    /// <inheritdoc/>
    public Tensor? Bias => null;

    /// <inheritdoc/>
    public ConvolutionWalk? Convolution => null;

    /// <summary>x · Wᵀ with a matrix, x ⊙ w with a vector; what the module's code makes of it is its own affair.</summary>
    public Tensor Run(Tensor x) => Run(x, weight, null);

    /// <inheritdoc/>
    public Tensor Run(Tensor x, Tensor weight, Tensor? bias)
    {
        if (Kind == LayerKind.Linear) return nn.functional.linear(x, weight.flatten(1), bias);
        return bias is null ? x * weight : x * weight + bias;
    }

    /// <inheritdoc/>
    public void SetBias(Tensor bias) => throw new ShapeException("a parameter has no bias");

    /// <inheritdoc/>
    public IAdapterHost? Host
    {
        get => host;
        set
        {
            if (host is null && value is not null) frozen = FrozenParameters.Of([this]);
            host = value;
            if (value is not null) return;
            frozen?.Dispose();
            frozen = null;
        }
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        if (device is not null) host?.MoveTo(device);
    }
}

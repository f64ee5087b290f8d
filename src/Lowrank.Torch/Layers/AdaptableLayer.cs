namespace Lowrank.Torch.Layers;

/// <summary>What our adaptable layers share: weight, bias, the casts, and the slot.</summary>
public abstract class AdaptableLayer : Layer, IAdaptable
{
    readonly Parameter weight;
    readonly Parameter? bias;

    /// <summary>A layer of uninitialized weight (and bias), registered under their published names.</summary>
    protected AdaptableLayer(string name, Storage? storage, long[] weightShape, long biasLength) : base(name)
    {
        storage ??= Storage.Default;
        weight = Owned(storage.Empty(weightShape));
        register_parameter("weight", weight);
        Weight = new DenseWeight(() => weight);
        if (biasLength == 0) return;
        bias = Owned(storage.Empty(biasLength));
        register_parameter("bias", bias);
    }

    // A layer's weights are its own, also when it is born in a scope: a part of a model that is loaded at its first use.
    static Parameter Owned(Tensor value)
    {
        var parameter = new Parameter(value, requires_grad: false);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <inheritdoc/>
    public abstract LayerKind Kind { get; }

    /// <inheritdoc/>
    public IWeight Weight { get; }

    /// <inheritdoc/>
    public Tensor? Bias => bias;

    /// <inheritdoc/>
    public virtual ConvolutionWalk? Convolution => null;

    /// <inheritdoc/>
    public IAdapterHost? Host { get; set; }

    /// <inheritdoc/>
    public Tensor Run(Tensor x) => Run(x, weight);

    /// <inheritdoc/>
    public Tensor Run(Tensor x, Tensor weight) => Run(x, weight, bias);

    /// <inheritdoc/>
    public abstract Tensor Run(Tensor x, Tensor weight, Tensor? bias);

    /// <inheritdoc/>
    public void SetBias(Tensor value)
    {
        if (bias is null) throw new ShapeException($"a {GetName()} without a bias cannot take one of {value.shape.Text()}");
        if (!value.shape.AsSpan().SequenceEqual(bias.shape) || value.dtype != bias.dtype)
        {
            string own = $"a bias of shape {bias.shape.Text()} and dtype {bias.dtype}";
            throw new ShapeException($"{own} cannot take one of {value.shape.Text()} and {value.dtype}");
        }
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        bias.copy_(value);
    }

    /// <inheritdoc/>
    protected sealed override Tensor Compute(Tensor x) => Host is { } host ? host.Forward(x, this) : Run(x, weight);

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        if (device is not null) Host?.MoveTo(device);
    }

    /// <summary>A held tensor in the dtype of the input: the only cast there is, and none when they agree.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(held))]
    protected static Tensor? Like(Tensor? held, Tensor x) => held is null || held.dtype == x.dtype ? held : held.to(x.dtype);
}

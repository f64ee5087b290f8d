namespace Lowrank.Torch;

/// <summary>What our adaptable layers share: weight, bias, the casts, and the slot.</summary>
public abstract class AdaptableLayer : Layer, IAdaptable
{
    /// <summary>A layer of uninitialized weight (and bias), registered under their published names.</summary>
    protected AdaptableLayer(string name, Storage? storage, long[] weightShape, long biasLength) : base(name)
    {
        storage ??= Storage.Default;
        weight = Owned(storage.Empty(weightShape));
        register_parameter("weight", weight);
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

    readonly Parameter weight;
    readonly Parameter? bias;

    /// <inheritdoc/>
    public abstract LayerKind Kind { get; }

    /// <inheritdoc/>
    public Tensor Weight => weight;

    /// <inheritdoc/>
    public Tensor? Bias => bias;

    /// <inheritdoc/>
    public virtual Convolution? Convolution => null;

    /// <inheritdoc/>
    public IAdapterHost? Host { get; set; }

    /// <inheritdoc/>
    public Tensor Run(Tensor x) => Run(x, weight);

    /// <inheritdoc/>
    public Tensor Run(Tensor x, Tensor weight) => Run(x, weight, bias);

    /// <inheritdoc/>
    public abstract Tensor Run(Tensor x, Tensor weight, Tensor? bias);

    /// <inheritdoc/>
    public void SetWeight(Tensor value) => Take(weight, value, "weight");

    /// <inheritdoc/>
    public void SetBias(Tensor value) =>
        Take(bias ?? throw new ShapeException($"a {GetName()} without a bias cannot take one of ({string.Join(", ", value.shape)})"), value, "bias");

    static void Take(Parameter held, Tensor value, string what)
    {
        if (!value.shape.AsSpan().SequenceEqual(held.shape) || value.dtype != held.dtype)
            throw new ShapeException($"a {what} of shape ({string.Join(", ", held.shape)}) and dtype {held.dtype} cannot take one of ({string.Join(", ", value.shape)}) and {value.dtype}");
        using (no_grad())
        using (NewDisposeScope())
            held.copy_(value);
    }

    /// <inheritdoc/>
    protected sealed override Tensor Compute(Tensor x) => Host is null ? Run(x, weight) : Host.Forward(x, this);

    /// <summary>A held tensor in the dtype of the input: the only cast there is, and none when they agree.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(held))]
    protected static Tensor? Like(Tensor? held, Tensor x) => held is null || held.dtype == x.dtype ? held : held.to(x.dtype);
}

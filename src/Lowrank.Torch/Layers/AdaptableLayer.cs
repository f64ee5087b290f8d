namespace Lowrank.Torch.Layers;

/// <summary>What our adaptable layers share: weight, bias, the casts, and the slot.</summary>
public abstract class AdaptableLayer : Layer, IAdaptable
{
    readonly AdaptableLayer? original;
    readonly List<AdaptableLayer> sharing = [];
    readonly Parameter? bias;
    Parameter weight;

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

    /// <summary>A layer whose weight is another's, one parameter in two places, with a bias of its own or none.</summary>
    protected AdaptableLayer(string name, AdaptableLayer original, long biasLength = 0, Storage? storage = null) : base(name)
    {
        this.original = original;
        original.sharing.Add(this);
        weight = original.weight;
        register_parameter("weight", weight);
        Weight = new DenseWeight(() => weight);
        if (biasLength == 0) return;
        bias = Owned((storage ?? Storage.Default).Empty(biasLength));
        register_parameter("bias", bias);
    }

    /// <summary>Does nothing: weight and bias are registered already, and the layer whose weight this one shares is no part of
    /// it.</summary>
    protected sealed override void RegisterComponents() { }

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
    public IWeight Weight { get; private set; }

    /// <inheritdoc/>
    public Tensor? Bias => bias;

    /// <inheritdoc/>
    public virtual ConvolutionWalk? Convolution => null;

    /// <inheritdoc/>
    public IAdapterHost? Host { get; set; }

    /// <summary>Keeps the weight in few bits from now on, in place of its parameter; layers that share it follow.</summary>
    /// <param name="packed">Of the weight's shape; the layer's own from now on.</param>
    /// <exception cref="ShapeException">It has another shape.</exception>
    public void Pack(IPackedWeight packed)
    {
        if (original is not null) throw new InvalidOperationException("the layer's weight is another's; pack that");
        if (!packed.Shape.AsSpan().SequenceEqual(Weight.Shape))
            throw new ShapeException($"a weight of shape {Weight.Shape.Text()} cannot be one of {packed.Shape.Text()}");
        Take(packed);
        foreach (var layer in sharing) layer.Take(packed);
        weight.Dispose();
    }

    void Take(IPackedWeight packed)
    {
        Weight = packed;
        ConditionallyRegisterParameter("weight", null);
    }

    /// <inheritdoc/>
    public Tensor Run(Tensor x) => Weight is IPackedWeight packed ? Run(x, packed) : Run(x, weight);

    /// <summary>The base's answer over a weight of few bits.</summary>
    protected virtual Tensor Run(Tensor x, IPackedWeight packed) => Run(x, packed.Dense(), bias);

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
    protected sealed override Tensor Compute(Tensor x) => Host is { } host ? host.Forward(x, this) : Run(x);

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        if (original is not null) Follow(original);
        if (original is null || bias is not null) base._toEpilog(dtype, device, non_blocking);   // the weight is where it goes by now
        if (device is not null) Host?.MoveTo(device);
    }

    // The original, which stands before it in the model, has moved, and what it had before is gone.
    void Follow(AdaptableLayer moved)
    {
        if (Weight is IPackedWeight || ReferenceEquals(weight, moved.weight)) return;
        weight = moved.weight;
        ConditionallyRegisterParameter("weight", weight);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && original is null) (Weight as IPackedWeight)?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>A held tensor in the dtype of the input: the only cast there is, and none when they agree.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(held))]
    protected static Tensor? Like(Tensor? held, Tensor x) => held is null || held.dtype == x.dtype ? held : held.to(x.dtype);
}

namespace Lowrank.Torch;

/// <summary>
/// One weight of a module of TorchSharp's own that takes several tensors or has several weights, made adaptable: of attention, recurrent
/// layers, a bilinear layer.
/// </summary>
/// <remarks>
/// The module is run anew with the adapted weights of a call, by a hook, so that what <see cref="SealedLayer"/> says of hooks holds here
/// too. An adapter works through the whole weight: what acts beside it, a dropout on activations or adapters of single rows, is refused.
/// </remarks>
public sealed class SealedWeight : IAdaptable
{
    readonly SealedModule owner;
    readonly SealedSeat seat;

    internal SealedWeight(SealedModule owner, string name, string weight, string? bias, LayerKind kind = LayerKind.Linear)
    {
        (this.owner, Name, WeightName, BiasName, Kind) = (owner, name, weight, bias, kind);
        Weight = new DenseWeight(() => owner.Parameter(WeightName)!);
        seat = new(owner.Module, Weight.Dense, owner.Hook);
    }

    /// <summary>The classes of TorchSharp whose weights are adapted so, and parameters by themselves.</summary>
    public static IReadOnlyList<string> Classes { get; } =
    [
        "Bilinear", "EmbeddingBag", "MultiheadAttention", "LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell", nameof(Parameter),
    ];

    /// <summary>Its name below the module, <c>weight_ih_l0</c>; empty where it is the module's only one.</summary>
    public string Name { get; }

    /// <summary>The module's class: <c>LSTM</c>.</summary>
    public string Within => owner.Module.GetType().Name;

    /// <summary>What the module calls the parameter.</summary>
    public string WeightName { get; }

    /// <summary>What the module calls the bias; null where there is none.</summary>
    public string? BiasName { get; }

    /// <inheritdoc/>
    public LayerKind Kind { get; }

    /// <inheritdoc/>
    public IWeight Weight { get; }

    /// <inheritdoc/>
    public Tensor? Bias => BiasName is null ? null : owner.Parameter(BiasName);

    /// <inheritdoc/>
    public ConvolutionWalk? Convolution => null;

    /// <inheritdoc/>
    public bool Training => owner.Module.training;

    /// <summary>What the weight alone makes of what it multiplies, or looks up.</summary>
    public Tensor Run(Tensor x) => Run(x, Weight.Dense(), Bias);

    /// <inheritdoc/>
    public Tensor Run(Tensor x, Tensor weight, Tensor? bias) => Kind == LayerKind.Embedding
        ? weight.index_select(0, x.reshape(-1)).reshape([.. x.shape, weight.shape[1]])
        : nn.functional.linear(x, weight.flatten(1), bias);

    /// <inheritdoc/>
    public void SetBias(Tensor value)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        if (Bias is not { } held) throw new ShapeException($"a weight of {Within} without a bias cannot take one of {value.shape.Text()}");
        held.copy_(value);
    }

    /// <inheritdoc/>
    public IAdapterHost? Host
    {
        get => seat.Host;
        set => seat.Host = value;
    }

    /// <summary>The weight and bias of this call; null where nothing adapts them.</summary>
    internal (Tensor Weight, Tensor? Bias)? Adapted() =>
        seat.Host is { } now ? seat.Told(now).Adapted(this) : null;
}

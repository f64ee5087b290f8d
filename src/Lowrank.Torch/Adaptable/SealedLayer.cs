using System.Runtime.CompilerServices;

namespace Lowrank.Torch;

/// <summary>
/// One of TorchSharp's own layers in somebody's model, made adaptable: linear layers, convolutions, transposed ones too, embeddings and
/// norms. Those with several inputs or weights are <see cref="SealedWeight"/>s.
/// </summary>
/// <remarks>
/// Those classes are sealed, so the host answers through a hook, which takes the layer's own answer and gives the adapted one. Hooks run on
/// <c>layer.call(x)</c> and inside <c>Sequential</c>, not on <c>layer.forward(x)</c>; they stay when the host leaves, and do nothing then.
/// While a host sits in the slot, weight and bias want no gradient. Nothing else of the model changes: not its parameters, not its state
/// dict.
/// </remarks>
public sealed class SealedLayer : IAdaptable
{
    // One per layer for as long as the layer lives, so that whoever describes the model finds the same slot.
    static readonly ConditionalWeakTable<nn.Module, SealedLayer> known = [];

    readonly nn.Module<Tensor, Tensor> module;
    readonly Func<Parameter> weight;
    readonly Func<Parameter?> bias;
    readonly Func<Tensor, Tensor, Tensor?, Tensor> run;
    readonly SealedSeat seat;

    SealedLayer(
        nn.Module<Tensor, Tensor> module, LayerKind kind, Func<Parameter> weight, Func<Parameter?> bias,
        Func<Tensor, Tensor, Tensor?, Tensor> run, ConvolutionWalk? convolution = null)
    {
        (this.module, this.weight, this.bias, this.run) = (module, weight, bias, run);
        (Kind, Convolution, Weight) = (kind, convolution, new DenseWeight(weight));
        seat = new(module, weight, Hook);
    }

    /// <summary>
    /// The layer that a module is; null if it is none of those kinds, a norm without a scale for each channel, or a convolution that
    /// pads with anything but as many zeros on both sides.
    /// </summary>
    public static SealedLayer? Of(nn.Module module)
    {
        if (known.TryGetValue(module, out var found)) return found;
        if (Wrap(module) is not { } made) return null;
        return known.GetValue(module, _ => made);
    }

    static SealedLayer? Wrap(nn.Module module) => module switch
    {
        TorchSharp.Modules.Linear linear =>
            new(linear, LayerKind.Linear, () => linear.weight!, () => linear.bias, LinearProduct.Run),
        TorchSharp.Modules.Embedding embedding =>
            new(embedding, LayerKind.Embedding, () => embedding.weight!, () => null, (x, w, _) => Rows(x, w)),
        TorchSharp.Modules.Convolution { transposed: false, padding_mode: PaddingModes.Zeros } conv when Walk(conv) is { } walk =>
            new(conv, Kinds[conv.kernel_size.Length - 1], () => conv.weight!, () => conv.bias, walk.Run, walk),
        TorchSharp.Modules.Convolution { transposed: true, padding_mode: PaddingModes.Zeros } conv when Walk(conv) is { } walk =>
            new(conv, TransposedKinds[conv.kernel_size.Length - 1], () => conv.weight!, () => conv.bias, walk.Run, walk),
        _ => SealedNorm.Of(module) is { } norm ? new(norm.Module, LayerKind.Norm, norm.Weight, norm.Bias, norm.Run) : null,
    };

    static Tensor Rows(Tensor x, Tensor weight) => weight.index_select(0, x.reshape(-1)).reshape([.. x.shape, weight.shape[1]]);

    static readonly LayerKind[] Kinds = [LayerKind.Conv1d, LayerKind.Conv2d, LayerKind.Conv3d];

    static readonly LayerKind[] TransposedKinds = [LayerKind.ConvTranspose1d, LayerKind.ConvTranspose2d, LayerKind.ConvTranspose3d];

    static ConvolutionWalk? Walk(TorchSharp.Modules.Convolution conv)
    {
        // Inputs that a kernel reaches over, less one.
        long[] reach = [.. conv.kernel_size.Zip(conv.dilation, (kernel, dilation) => (kernel - 1) * dilation)];
        return conv.padding_type switch
        {
            Padding.Same when reach.Any(r => r % 2 != 0) => null,
            Padding.Same => new(conv.stride, [.. reach.Select(r => r / 2)], conv.dilation, conv.groups),
            _ => new(conv.stride, conv.padding ?? new long[reach.Length], conv.dilation, conv.groups)
            {
                IsTransposed = conv.transposed, OutputPadding = conv.output_padding,
            },
        };
    }

    /// <inheritdoc/>
    public LayerKind Kind { get; }

    /// <inheritdoc/>
    public IWeight Weight { get; }

    /// <inheritdoc/>
    public Tensor? Bias => bias();

    /// <inheritdoc/>
    public ConvolutionWalk? Convolution { get; }

    /// <inheritdoc/>
    public bool Training => module.training;

    /// <inheritdoc/>
    public Tensor Run(Tensor x) => module.forward(x);

    /// <inheritdoc/>
    public Tensor Run(Tensor x, Tensor weight, Tensor? bias)
    {
        return Kind == LayerKind.Embedding ? run(x, weight, bias) : run(x, Like(weight)!, Like(bias));

        Tensor? Like(Tensor? held) => held is null || held.dtype == x.dtype ? held : held.to(x.dtype);
    }

    /// <inheritdoc/>
    public void SetBias(Tensor value)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        if (bias() is not { } held)
            throw new ShapeException($"a {module.GetName()} without a bias cannot take one of {value.shape.Text()}");
        held.copy_(value);
    }

    /// <inheritdoc/>
    public IAdapterHost? Host
    {
        get => seat.Host;
        set => seat.Host = value;
    }

    void Hook()
    {
        ModuleHooks.TellCalls(module);
        ModuleHooks.Answer(module, (nn.Module<Tensor, Tensor> _, Tensor x, Tensor answer) =>
            seat.Host is { } now ? LayerScope.Run(module, () => seat.Told(now).Forward(x, this, answer)) : null!);
    }
}

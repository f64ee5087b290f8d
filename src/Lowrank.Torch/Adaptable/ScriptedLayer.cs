using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>A layer inside a TorchScript module, made adaptable: its weight attribute is exchanged for the length of a call.</summary>
public sealed class ScriptedLayer : IPlacedLayer
{
    readonly jit.ScriptModule part;
    readonly string path;
    readonly Parameter weight;
    readonly Parameter? bias;

    internal ScriptedLayer(jit.ScriptModule part, string path, LayerKind kind, ConvolutionWalk? walk)
    {
        (this.part, this.path, Kind, Convolution) = (part, path, kind, walk);
        weight = part.get_parameter("weight")!;
        bias = part.get_parameter("bias");
        Weight = new DenseWeight(() => weight);
    }

    /// <inheritdoc/>
    public LayerKind Kind { get; }

    /// <inheritdoc/>
    public IWeight Weight { get; }

    /// <inheritdoc/>
    public Tensor? Bias => bias;

    /// <summary>
    /// Stride, padding, dilation and groups as the module's code has them; null for a layer that does not convolve, or whose code does not
    /// tell.
    /// </summary>
    public ConvolutionWalk? Convolution { get; }

    /// <inheritdoc/>
    public bool Training => part.training;

    /// <inheritdoc/>
    public IAdapterHost? Host { get; set; }

    /// <inheritdoc/>
    public bool IsPlaced { get; private set; }

    /// <inheritdoc/>
    public Tensor Run(Tensor x) => (Tensor)part.forward(x);

    /// <inheritdoc/>
    public Tensor Run(Tensor x, Tensor weight, Tensor? bias)
    {
        Place(weight, bias);
        try { return Run(x); }
        finally { TakeBack(); }
    }

    /// <inheritdoc/>
    public void Place(Tensor weight, Tensor? bias)
    {
        if (bias is not null && this.bias is null)
            throw new LowrankException($"{path} has no bias in its script, and its adapter gives it one: leave the bias out");
        if (bias is null && this.bias is not null)
            throw new LowrankException($"{path} has a bias in its script and cannot be run without");
        IsPlaced = true;
        Set("weight", weight);
        if (bias is not null && !ReferenceEquals(bias, this.bias)) Set("bias", bias);
    }

    /// <inheritdoc/>
    public void TakeBack()
    {
        if (!IsPlaced) return;
        Set("weight", weight);
        if (bias is not null) Set("bias", bias);
        IsPlaced = false;
    }

    void Set(string name, Tensor value)
    {
        try
        {
            part.set_attribute(name, value);
        }
        catch (ExternalException error)
        {
            throw new LowrankException($"{path} cannot take another {name}: {EngineMessage.Of(error)}", error);
        }
    }

    /// <inheritdoc/>
    public void SetBias(Tensor value)
    {
        if (bias is null) throw new ShapeException($"{path} without a bias cannot take one of {value.shape.Text()}");
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        bias.copy_(value);
    }
}

namespace Lowrank.Torch;

/// <summary>One matrix of a parameter that holds several along its first axis, adaptable by itself: an expert's.</summary>
public sealed class StackedMatrix : IAdaptable
{
    readonly nn.Module owner;
    readonly string? biases;

    /// <summary>A matrix of a module's parameter.</summary>
    /// <param name="owner">The module, which holds the parameters.</param>
    /// <param name="stack">The parameter's name there; (matrices, out, in), or (matrices, in, out).</param>
    /// <param name="index">Which of the matrices it is.</param>
    /// <param name="kind">Linear, or transposed.</param>
    /// <param name="biases">The name of the parameter that holds the biases, (matrices, out); null where there are none.</param>
    public StackedMatrix(nn.Module owner, string stack, int index, LayerKind kind = LayerKind.Linear, string? biases = null)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(stack);
        (this.owner, Stack, Index, Kind, this.biases) = (owner, stack, index, kind, biases);
        Weight = new StackedWeight(() => Held(stack), index);
    }

    /// <summary>The parameter in which it lies.</summary>
    public string Stack { get; }

    /// <summary>Which of the matrices it is.</summary>
    public int Index { get; }

    /// <summary>Its name below the module: the number before the parameter's name, as older models have it.</summary>
    public string Name => $"{Index}.{Stack}";

    /// <inheritdoc/>
    public LayerKind Kind { get; }

    /// <inheritdoc/>
    public IWeight Weight { get; }

    /// <inheritdoc/>
    public Tensor? Bias => biases is null ? null : Held(biases).select(0, Index);

    /// <inheritdoc/>
    public ConvolutionWalk? Convolution => null;

    /// <inheritdoc/>
    public bool Training => owner.training;

    /// <inheritdoc/>
    public IAdapterHost? Host { get; set; }

    /// <summary>The parameters that it reads.</summary>
    internal IEnumerable<string> Parameters => biases is null ? [Stack] : [Stack, biases];

    // Looked up anew: a module that moves has other tensors afterwards.
    Parameter Held(string name) => owner.get_parameter(name)!;

    /// <summary>The layer's answer, with its adapters.</summary>
    /// <param name="x">(tokens, in).</param>
    public Tensor Answer(Tensor x) => Host is { } host ? host.Forward(x, this) : Run(x);

    /// <inheritdoc/>
    public Tensor Run(Tensor x) => Run(x, Weight.Dense(), Bias);

    /// <inheritdoc/>
    public Tensor Run(Tensor x, Tensor weight, Tensor? bias)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        var matrix = Kind == LayerKind.TransposedLinear ? weight.t() : weight;
        return nn.functional.linear(x, matrix.to(x.dtype), bias?.to(x.dtype));
    }

    /// <inheritdoc/>
    public void SetBias(Tensor bias)
    {
        ArgumentNullException.ThrowIfNull(bias);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var held = Bias ?? throw new ShapeException($"the matrix {Name} without a bias cannot take one of {bias.shape.Text()}");
        held.copy_(bias);
    }
}

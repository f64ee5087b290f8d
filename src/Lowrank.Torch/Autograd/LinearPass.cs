namespace Lowrank.Torch;

/// <summary>What one pass through a linear layer leaves for its backward.</summary>
public sealed class LinearPass
{
    readonly Lazy<(Tensor Rows, Tensor? Bias)> kept;
    readonly Lazy<Tensor> inputGradient;

    internal LinearPass(Tensor x, Tensor gradient, Func<(Tensor Rows, Tensor? Bias)> kept, Func<Tensor?, Tensor> inputGradient) =>
        (X, Gradient, this.kept, this.inputGradient) = (x, gradient, new(kept), new(() => inputGradient(TurnedBack)));

    /// <summary>Input (tokens, in).</summary>
    public Tensor X { get; }

    /// <summary>The answer's gradient (tokens, out).</summary>
    public Tensor Gradient { get; }

    /// <summary>The answer without the bias (tokens, out): what was kept of it, or computed again where that was changed in
    /// place.</summary>
    public Tensor Answer => KeptAnswer.Bias is { } bias ? KeptAnswer.Rows - bias : KeptAnswer.Rows;

    /// <summary>The same before the bias is taken from it: the answer, and the bias (out) that stands in it or null.</summary>
    internal (Tensor Rows, Tensor? Bias) KeptAnswer => kept.Value;

    /// <summary>The answer's gradient through <see cref="LinearFactors.OfAnswer"/>, from who found it on the way to the leaves'
    /// gradients.</summary>
    public Tensor? TurnedBack { get; set; }

    /// <summary>The input's gradient (tokens, in), which the layer before needs anyway.</summary>
    public Tensor InputGradient => inputGradient.Value;
}

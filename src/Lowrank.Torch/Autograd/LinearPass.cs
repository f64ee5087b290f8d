namespace Lowrank.Torch;

/// <summary>What one pass through a linear layer leaves for its backward.</summary>
public sealed class LinearPass
{
    readonly Lazy<Tensor> answer, inputGradient;

    internal LinearPass(Tensor x, Tensor gradient, Func<Tensor> answer, Func<Tensor?, Tensor> inputGradient) =>
        (X, Gradient, this.answer, this.inputGradient) = (x, gradient, new(answer), new(() => inputGradient(TurnedBack)));

    /// <summary>Input (tokens, in).</summary>
    public Tensor X { get; }

    /// <summary>The answer's gradient (tokens, out).</summary>
    public Tensor Gradient { get; }

    /// <summary>The answer without the bias (tokens, out): what was kept of it, or computed again where that was changed in
    /// place.</summary>
    public Tensor Answer => answer.Value;

    /// <summary>The answer's gradient through <see cref="LinearFactors.OfAnswer"/>, from who found it on the way to the leaves'
    /// gradients.</summary>
    public Tensor? TurnedBack { get; set; }

    /// <summary>The input's gradient (tokens, in), which the layer before needs anyway.</summary>
    public Tensor InputGradient => inputGradient.Value;
}

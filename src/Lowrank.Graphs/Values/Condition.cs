namespace Lowrank.Graphs;

/// <summary>One encoded prompt, with where and when it holds.</summary>
/// <param name="Tokens">A state per token, (B, T, C).</param>
public sealed record Condition(Tensor Tokens)
{
    /// <summary>The whole prompt in one state, (B, P); null but for XL.</summary>
    public Tensor? Pooled { get; init; }

    /// <summary>The tensors in it.</summary>
    public IEnumerable<Tensor> Tensors => Pooled is { } pooled ? [Tokens, pooled] : [Tokens];
}

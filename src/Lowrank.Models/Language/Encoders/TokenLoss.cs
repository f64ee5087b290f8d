using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Models;

/// <summary>The loss of what a model says of each token by itself.</summary>
public static class TokenLoss
{
    /// <summary>The label of tokens that do not count.</summary>
    public const long Ignored = -100;

    /// <summary>The mean cross-entropy over the tokens that count.</summary>
    /// <param name="scores">(B, T, N).</param>
    /// <param name="labels">(B, T), int64; <see cref="Ignored"/> where a token does not count. No shift is made.</param>
    public static Tensor Of(Tensor scores, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(labels);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(F.cross_entropy(scores.reshape(-1, scores.shape[^1]), labels.reshape(-1), ignore_index: Ignored));
    }
}

using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Models;

/// <summary>The loss of a model that finds answers in texts.</summary>
public static class AnswerLoss
{
    /// <summary>The mean of the cross-entropies of beginnings and of ends over all columns, pads included.</summary>
    /// <param name="begins">How well an answer would begin at each token, (B, T).</param>
    /// <param name="ends">How well it would end there, (B, T).</param>
    /// <param name="firsts">Where it begins, (B), int64. A place after the row does not count: its text was cut.</param>
    /// <param name="lasts">Where it ends, (B).</param>
    public static Tensor Of(Tensor begins, Tensor ends, Tensor firsts, Tensor lasts)
    {
        ArgumentNullException.ThrowIfNull(begins);
        ArgumentNullException.ThrowIfNull(ends);
        ArgumentNullException.ThrowIfNull(firsts);
        ArgumentNullException.ThrowIfNull(lasts);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter((One(begins, firsts) + One(ends, lasts)) / 2);
    }

    static Tensor One(Tensor scores, Tensor places)
    {
        long columns = scores.shape[1];
        return F.cross_entropy(scores, places.reshape(-1).clamp(0, columns), ignore_index: columns);
    }
}

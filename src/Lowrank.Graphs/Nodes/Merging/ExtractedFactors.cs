namespace Lowrank.Graphs;

/// <summary>The factors of low rank that ComfyUI takes of a difference.</summary>
/// <remarks>
/// After comfy_extras/nodes_lora_extract.py (0.3.64): singular values go into the first factor, and both are clamped at the 99 percent
/// quantile of all their values together, which hangs on the signs that the decomposition happens to choose; so they are left as they come.
/// </remarks>
static class ExtractedFactors
{
    const double quantile = 0.99;

    /// <summary>The factors of a matrix (out, in) or a convolution's weight (out, in, ...); up (out, r), down (r, in), as a convolution's
    /// where it is one.</summary>
    /// <param name="difference">The difference.</param>
    /// <param name="rank">The rank, at most the smaller side.</param>
    public static (Tensor Up, Tensor Down) Of(Tensor difference, int rank)
    {
        using var scope = NewDisposeScope();
        long rows = difference.shape[0], columns = difference.shape[1];
        long kept = Math.Min(rank, Math.Min(rows, columns));
        var (left, values, right) = linalg.svd(difference.flatten(1));
        var (up, down) = FactorClamp.Clamp(left.narrow(1, 0, kept) * values.narrow(0, 0, kept), right.narrow(0, 0, kept), quantile);
        if (difference.dim() == 2) return (scope.MoveToOuter(up), scope.MoveToOuter(down));
        long[] ones = [.. difference.shape[2..].Select(_ => 1L)];
        return (scope.MoveToOuter(up.reshape([rows, kept, .. ones])), scope.MoveToOuter(down.reshape([kept, .. difference.shape[1..]])));
    }
}

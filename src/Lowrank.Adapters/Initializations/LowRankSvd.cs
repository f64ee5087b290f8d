namespace Lowrank.Adapters;

/// <summary>The largest singular values of a matrix with their vectors.</summary>
static class LowRankSvd
{
    /// <summary>By the whole decomposition: left (rows, rank), values (rank), right (rank, columns).</summary>
    public static (Tensor Left, Tensor Values, Tensor Right) Exact(Tensor matrix, long rank)
    {
        var (left, values, right) = linalg.svd(matrix, fullMatrices: false);
        return (left[TensorIndex.Colon, TensorIndex.Slice(0, rank)], values[TensorIndex.Slice(0, rank)], right[TensorIndex.Slice(0, rank)]);
    }

    /// <summary>
    /// By subspace iteration from a random subspace of that rank: Halko, Martinsson and Tropp 2011, arXiv 0909.4061, algorithm 4.4.
    /// </summary>
    public static (Tensor Left, Tensor Values, Tensor Right) Randomised(Tensor matrix, long rank, int iterations, Generator? generator)
    {
        var q = linalg.qr(matrix.mm(randn([matrix.shape[1], rank], device: CPU, generator: generator))).Q;
        for (int i = 0; i < iterations; i++)
        {
            var back = linalg.qr(matrix.t().mm(q)).Q;
            q = linalg.qr(matrix.mm(back)).Q;
        }
        var (left, values, right) = linalg.svd(q.t().mm(matrix), fullMatrices: false);
        return (q.mm(left), values, right);
    }
}

namespace Lowrank.Torch;

/// <summary>A long matrix as orthonormal columns times a triangle.</summary>
static class ThinQr
{
    // Below this part of the largest a column is nearly one of the others, and what the Gram matrix tells of it is lost in rounding.
    const double Independent = 1e-5;

    /// <summary>Q (rows, k) with orthonormal columns and R (k, columns), Q·R = <paramref name="columns"/>, in its dtype.</summary>
    /// <remarks>
    /// By the Cholesky factor of the Gram matrix in float64, several times quicker than Householder's QR on columns this long; columns that
    /// depend on each other nearly are left to the latter.
    /// </remarks>
    public static (Tensor Q, Tensor R) Of(Tensor columns)
    {
        using var scope = NewDisposeScope();
        var wide = columns.to(ScalarType.Float64);
        var (lower, info) = linalg.cholesky_ex(wide.t().mm(wide));
        var diagonal = lower.diagonal();
        if (info.ToInt32() != 0 || diagonal.min().ToDouble() <= Independent * diagonal.max().ToDouble())
        {
            var (q, r) = linalg.qr(columns);
            return (scope.MoveToOuter(q), scope.MoveToOuter(r));
        }
        var upper = lower.t();
        var basis = linalg.solve_triangular(upper, wide, upper: true, left: false).to(columns.dtype);
        return (scope.MoveToOuter(basis), scope.MoveToOuter(upper.to(columns.dtype).contiguous()));
    }
}

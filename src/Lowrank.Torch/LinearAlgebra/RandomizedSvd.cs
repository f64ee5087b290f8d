namespace Lowrank.Torch;

/// <summary>The first terms of a singular value decomposition from random projections, with a check of what they leave out.</summary>
/// <remarks>
/// A random block is taken through the matrix and back until the energy that it has caught no longer grows enough to matter: from how the
/// gain shrinks from sweep to sweep follows how much is still to come. The error of the terms is exact (‖A‖² less the squares of the values
/// found), the best possible one is the estimate. Where a dozen sweeps do not settle it the full decomposition is taken. Source: Halko,
/// Martinsson, Tropp 2011, arXiv 0909.4061, algorithm 4.4.
/// </remarks>
public static class RandomizedSvd
{
    // Columns beyond the rank: the values near the block's end converge slowest.
    const int Beyond = 12;

    // Under this share of the matrix's energy what is left out drowns in float32's rounding, and is measured in float64.
    const double Rounding = 1e-5, Exact = 1e-12;

    const int MostSweeps = 12;

    /// <summary>The first <paramref name="rank"/> terms.</summary>
    /// <param name="matrix">float32 or float64.</param>
    /// <param name="rank">1 or more.</param>
    /// <param name="tolerance">By what share the error may exceed that of the full decomposition.</param>
    /// <param name="seed">Of the random block.</param>
    /// <exception cref="LowrankException">The matrix holds values that are not finite.</exception>
    public static TruncatedSvd Of(Tensor matrix, int rank, double tolerance = 0.01, long seed = 0) =>
        Of(matrix, RankRule.Fixed(rank), tolerance, seed);

    /// <summary>As many terms as a rule asks for.</summary>
    /// <remarks>The block grows until the rule is content. Where a rule asks for all singular values, or the block is half of the matrix,
    /// the full decomposition is taken.</remarks>
    public static TruncatedSvd Of(Tensor matrix, RankRule rule, double tolerance = 0.01, long seed = 0)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var generator = new Generator((ulong)seed);
        double energy = Energy(matrix);
        if (!double.IsFinite(energy)) TruncatedSvd.RefuseNonFinite(matrix);
        int length = (int)Math.Min(matrix.shape[0], matrix.shape[1]);
        int block = rule.InAdvance ?? FirstGuess;
        for (; 2 * (block + Beyond) <= length; block *= 2)
        {
            if (Project(matrix, block, energy, tolerance, generator) is not { } found) break;
            if (rule.Choose(found.Spectrum) is { } rank) return found.Truncate(rank).MovedOutOf(scope);
        }
        var full = TruncatedSvd.Full(matrix);
        return full.Truncate(rule.Choose(full.Spectrum)!.Value).MovedOutOf(scope);
    }

    const int FirstGuess = 32;

    static TruncatedSvd? Project(Tensor matrix, int rank, double energy, double tolerance, Generator generator)
    {
        using var scope = NewDisposeScope();
        var drawn = randn(matrix.shape[1], rank + Beyond, dtype: matrix.dtype, device: CPU, generator: generator);
        var start = Orthonormal(matrix.mm(drawn.to(matrix.device)));
        var caught = Catch(matrix, start, rank, energy, tolerance);
        if (caught is { } rough && energy - rough.Energy < Rounding * energy && matrix.dtype != ScalarType.Float64)
        {
            var wide = matrix.to(ScalarType.Float64);
            energy = Energy(wide);
            caught = Catch(wide, Orthonormal(rough.Basis.to(ScalarType.Float64)), rank, energy, tolerance);
        }
        return caught is { } enough ? Terms(enough, rank, energy, matrix).MovedOutOf(scope) : null;
    }

    // Orthonormal columns (rows, rank + Beyond), what the matrix is in them, and the energy of its first singular values there.
    readonly record struct Caught(Tensor Basis, Tensor Low, double Energy);

    // Sweeps until the columns hold the first singular vectors well enough; null where they never do.
    static Caught? Catch(Tensor matrix, Tensor basis, int rank, double energy, double tolerance)
    {
        using var scope = NewDisposeScope();
        double before = 0, lastGain = double.PositiveInfinity;
        for (int sweep = 0; ; sweep++)
        {
            var low = basis.t().mm(matrix);
            double caught = Leading(low, rank), gain = Math.Max(caught - before, 0), left = Math.Max(energy - caught, 0);
            // Gains shrink about geometrically; what is to come is gain·(q + q² + ...), q the last shrinking. After one gain alone q is not
            // known yet: a slow one is assumed.
            double shrinks = sweep > 1 ? Math.Clamp(gain / lastGain, 0, 0.95) : 0.8;
            double still = gain * shrinks / (1 - shrinks);
            double allowed = left * (1 - 1 / Math.Pow(1 + tolerance / 2, 2));
            if (sweep > 0 && still <= allowed || left <= Exact * energy)
            {
                scope.MoveToOuter(basis, low);
                return new(basis, low, caught);
            }
            if (sweep == MostSweeps) return null;
            (before, lastGain) = (caught, gain);
            basis = Orthonormal(matrix.mm(Orthonormal(low.t())));
        }
    }

    // The sum of the largest squared singular values, from the small Gram matrix.
    static double Leading(Tensor low, int rank)
    {
        using var scope = NewDisposeScope();
        var wide = low.to(ScalarType.Float64);
        var squares = linalg.eigvalsh(wide.mm(wide.t()));
        return squares.narrow(0, squares.shape[0] - rank, rank).sum().ToDouble();
    }

    static TruncatedSvd Terms(Caught caught, int rank, double energy, Tensor matrix)
    {
        // Low = (QR of its transpose)ᵀ: the SVD is then one of the block's size.
        var (q, r) = ThinQr.Of(caught.Low.t());
        var (left, values, right) = linalg.svd(r.t(), fullMatrices: false);
        var first = values.narrow(0, 0, rank);
        var spectrum = new Spectrum(TruncatedSvd.Numbers(first), (int)Math.Min(matrix.shape[0], matrix.shape[1]), energy);
        var firstLeft = caught.Basis.mm(left.narrow(1, 0, rank));
        var firstRight = right.narrow(0, 0, rank).mm(q.t());
        return TruncatedSvd.Of(firstLeft.to(matrix.dtype), first.to(matrix.dtype), firstRight.to(matrix.dtype), spectrum);
    }

    static Tensor Orthonormal(Tensor columns)
    {
        var (q, r) = ThinQr.Of(columns);
        r.Dispose();
        return q;
    }

    static double Energy(Tensor matrix)
    {
        // The norms of rows in the matrix's dtype, their squares in float64.
        using var scope = NewDisposeScope();
        return matrix.norm(1).to(ScalarType.Float64).square().sum().ToDouble();
    }
}

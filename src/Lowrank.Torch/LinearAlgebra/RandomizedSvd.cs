namespace Lowrank.Torch;

/// <summary>The first terms of a singular value decomposition from random projections, with a check of what they leave out.</summary>
/// <remarks>
/// A random block is taken through the matrix and back until the energy that it has caught no longer grows enough to matter: from how the gain shrinks from
/// sweep to sweep follows how much is still to come. The error of the terms is exact (‖A‖² less the squares of the values found), the best possible one is
/// the estimate. Source: Halko, Martinsson, Tropp 2011, arXiv 0909.4061, algorithm 4.4.
/// </remarks>
public static class RandomizedSvd
{
    // Columns beyond the rank: the values near the block's end converge slowest.
    const int Beyond = 12;

    // Under this share of the matrix's energy what is left out drowns in float32's rounding, and is measured in float64.
    const double Rounding = 1e-5, Exact = 1e-12;

    const int MostSweeps = 24;

    /// <summary>The first <paramref name="rank"/> terms.</summary>
    /// <param name="matrix">float32 or float64.</param>
    /// <param name="rank">1 or more.</param>
    /// <param name="tolerance">By what share the error may exceed that of the full decomposition.</param>
    /// <param name="seed">Of the random block.</param>
    /// <exception cref="LowrankException">The matrix holds values that are not finite.</exception>
    public static TruncatedSvd Of(Tensor matrix, int rank, double tolerance = 0.01, long seed = 0) => Of(matrix, RankRule.Fixed(rank), tolerance, seed);

    /// <summary>As many terms as a rule asks for.</summary>
    /// <remarks>The block grows until the rule is content. A rule that asks for all singular values, and a block of half the matrix, take the full decomposition.</remarks>
    public static TruncatedSvd Of(Tensor matrix, RankRule rule, double tolerance = 0.01, long seed = 0)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        TruncatedSvd.RefuseNonFinite(matrix);
        using var generator = new Generator((ulong)seed);
        double energy = Energy(matrix);
        int length = (int)Math.Min(matrix.shape[0], matrix.shape[1]);
        // A spectrum that says nothing yet but how long it is tells how many values a fixed rank asks for.
        int block = rule.Name == "fixed" ? (int)Math.Min(rule.Parameter, rule.Most) : FirstGuess;
        for (; 2 * (block + Beyond) <= length; block *= 2)
        {
            var found = Project(matrix, block, energy, tolerance, generator);
            if (rule.Choose(found.Spectrum) is { } rank) return found.Truncate(rank).MovedOutOf(scope);
        }
        var full = TruncatedSvd.Full(matrix);
        return full.Truncate(rule.Choose(full.Spectrum)!.Value).MovedOutOf(scope);
    }

    const int FirstGuess = 32;

    static TruncatedSvd Project(Tensor matrix, int rank, double energy, double tolerance, Generator generator)
    {
        using var scope = NewDisposeScope();
        var basis = Basis(matrix, rank, energy, tolerance, generator, out double caught);
        if (energy - caught < Rounding * energy && matrix.dtype != ScalarType.Float64)
        {
            var wide = matrix.to(ScalarType.Float64);
            double wideEnergy = Energy(wide);
            basis = Basis(wide, rank, wideEnergy, tolerance, generator, out _, Orthonormal(basis.to(ScalarType.Float64)));
            return Terms(wide, basis, rank, wideEnergy, matrix.dtype).MovedOutOf(scope);
        }
        return Terms(matrix, basis, rank, energy, matrix.dtype).MovedOutOf(scope);
    }

    // Orthonormal columns (rows, rank + Beyond) that hold the first singular vectors well enough.
    static Tensor Basis(Tensor matrix, int rank, double energy, double tolerance, Generator generator, out double caught, Tensor? start = null)
    {
        using var scope = NewDisposeScope();
        var basis = start ?? Orthonormal(matrix.mm(randn(matrix.shape[1], rank + Beyond, dtype: matrix.dtype, generator: generator)));
        double before = 0, lastGain = double.PositiveInfinity;
        for (int sweep = 0; ; sweep++)
        {
            var low = basis.t().mm(matrix);
            caught = Leading(low, rank);
            double gain = caught - before, left = Math.Max(energy - caught, 0);
            // Gains shrink about geometrically; what is to come is gain·(q + q² + ...), q the last shrinking.
            double shrinks = Math.Clamp(gain / lastGain, 0, 0.95);
            double still = gain * shrinks / (1 - shrinks);
            double allowed = left * (1 - 1 / Math.Pow(1 + tolerance / 2, 2));
            if (sweep > 1 && still <= allowed || left <= Exact * energy || sweep == MostSweeps) return scope.MoveToOuter(basis);
            (before, lastGain) = (caught, sweep == 0 ? double.PositiveInfinity : gain);
            basis = Orthonormal(matrix.mm(Orthonormal(low.t())));
        }
    }

    // The sum of the largest squared singular values, from the small Gram matrix.
    static double Leading(Tensor low, int rank)
    {
        using var scope = NewDisposeScope();
        var squares = linalg.eigvalsh(low.mm(low.t()).to(ScalarType.Float64));
        return squares.narrow(0, squares.shape[0] - rank, rank).sum().ToDouble();
    }

    static TruncatedSvd Terms(Tensor matrix, Tensor basis, int rank, double energy, ScalarType dtype)
    {
        // low = (QR of its transpose)ᵀ: the SVD is then one of the block's size.
        var (q, r) = linalg.qr(basis.t().mm(matrix).t());
        var (left, values, right) = linalg.svd(r.t(), fullMatrices: false);
        var numbers = TruncatedSvd.Numbers(values.narrow(0, 0, rank));
        var spectrum = new Spectrum(numbers, (int)Math.Min(matrix.shape[0], matrix.shape[1]), energy);
        return TruncatedSvd.Of(basis.mm(left.narrow(1, 0, rank)).to(dtype), values.narrow(0, 0, rank).to(dtype), right.narrow(0, 0, rank).mm(q.t()).to(dtype), spectrum);
    }

    static Tensor Orthonormal(Tensor columns) => linalg.qr(columns).Q;

    static double Energy(Tensor matrix)
    {
        using var norm = matrix.to(ScalarType.Float64).square().sum();
        return norm.ToDouble();
    }
}

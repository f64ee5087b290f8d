namespace Lowrank.Diffusion;

/// <summary>The weights of UniPC's predictor and corrector for one step.</summary>
/// <param name="First">φ₁: the weight of the newest estimate.</param>
/// <param name="Differences">
/// Those of the older estimates' differences to it, each divided by its distance in steps; for the corrector that of the estimate at the
/// step's end comes last.
/// </param>
readonly record struct UniPcWeights(double First, double[] Differences)
{
    /// <summary>The weights over a step.</summary>
    /// <param name="variant">Which family.</param>
    /// <param name="length">
    /// h: the step's length in λ, with the sign of the exponential: negative where clean estimates are integrated.
    /// </param>
    /// <param name="distances">Of the older estimates, as multiples of the step: negative. For the corrector followed by 1.</param>
    /// <param name="corrects">Whether they are the corrector's.</param>
    internal static UniPcWeights Of(UniPcVariant variant, double length, double[] distances, bool corrects)
    {
        double first = Exponentials.Expm1(length);
        if (distances.Length == 0) return new(first, []);
        return new(first, variant == UniPcVariant.VaryCoeff
            ? Varying(length, first, distances, corrects)
            : Fixed(variant == UniPcVariant.Bh1 ? length : first, length, first, distances));
    }

    // ρ of Σ_j ρ_j·r_j^k = b_k, times B(h). One alone is a half, whatever the step.
    static double[] Fixed(double b, double length, double first, double[] distances)
    {
        int count = distances.Length;
        if (count == 1) return [b / 2];
        double[,] powers = new double[count, count];
        double[] sides = new double[count];
        double phi = first / length - 1, factorial = 1;
        for (int k = 0; k < count; k++)
        {
            for (int j = 0; j < count; j++) powers[k, j] = Math.Pow(distances[j], k);
            sides[k] = phi * factorial / b;
            factorial *= k + 2;
            phi = phi / length - 1 / factorial;
        }
        return [.. Solved(powers, sides).Select(rho => rho * b)];
    }

    // Σ_k φ_(k+1)·A_kj with A the inverse of C, C_jk = r_j^k/(k+1)!. The corrector of the original has no row of highest order for the
    // older differences, and weighs the newest with the row before.
    static double[] Varying(double length, double first, double[] distances, bool corrects)
    {
        int count = distances.Length;
        double[,] transposed = new double[count, count];
        double[] phis = new double[count];
        double phi = first, factorial = 1, reciprocal = 1;
        for (int k = 0; k < count; k++)
        {
            reciprocal /= k + 1;
            for (int j = 0; j < count; j++) transposed[k, j] = Math.Pow(distances[j], k) * reciprocal;
            phi = phi / length - 1 / factorial;
            factorial *= k + 2;
            phis[k] = phi;
        }
        if (!corrects) return Solved(transposed, phis);
        double[] weights = Solved(transposed, [.. phis[..(count - 1)], 0]);
        double[] unit = new double[count];
        unit[Math.Max(count - 2, 0)] = phis[count - 1];
        weights[^1] = Solved(transposed, unit)[^1];
        return weights;
    }

    static double[] Solved(double[,] matrix, double[] sides)
    {
        using var scope = NewDisposeScope();
        var (left, right) = (tensor(matrix, dtype: ScalarType.Float64, device: CPU), tensor(sides, dtype: ScalarType.Float64, device: CPU));
        return linalg.solve(left, right).data<double>().ToArray();
    }
}

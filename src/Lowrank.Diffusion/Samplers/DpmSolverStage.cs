using static Lowrank.Diffusion.Exponentials;

namespace Lowrank.Diffusion;

/// <summary>
/// Single steps of DPM-Solver of first to third order from one sample (Lu et al. 2022, arXiv:2206.00927, algorithms 1 and 2), with the
/// noise estimates shared between them.
/// </summary>
/// <param name="step">Gives the network; its own end is not heeded.</param>
/// <param name="to">σ/α where the step ends.</param>
sealed class DpmSolverStage(RatioStep step, double to)
{
    readonly Tensor start = step.Direction(step.Clean());
    (double At, Tensor Noise)? asked;

    // Length in ln σ.
    double Length => Math.Log(step.From / to);

    /// <summary>The first order: one evaluation.</summary>
    internal Tensor First() => step.Y - to * Expm1(Length) * start;

    /// <summary>The second order, with one more evaluation at a share <paramref name="r"/> of the way.</summary>
    internal Tensor Second(double r = 0.5) => First() - to / (2 * r) * Expm1(Length) * (NoiseAt(r) - start);

    /// <summary>The third order, with evaluations at a third and at two thirds of the way.</summary>
    internal Tensor Third()
    {
        const double r1 = 1.0 / 3, r2 = 2.0 / 3;
        double h = Length, part = r2 * h, level = LevelAt(r2);
        var between = step.Y - level * Expm1(part) * start - level * (r2 / r1) * (Phi1(part) - 1) * (NoiseAt(r1) - start);
        var noise = (between - step.CleanAt(between, level)) / level;
        return First() - to / r2 * (Phi1(h) - 1) * (noise - start);
    }

    double LevelAt(double r) => step.From * Math.Pow(to / step.From, r);

    // The second and the third order both ask at a third of the way: once.
    Tensor NoiseAt(double r)
    {
        if (asked is { } known && known.At == r) return known.Noise;
        double level = LevelAt(r);
        var between = step.Y - level * Expm1(r * Length) * start;
        var noise = (between - step.CleanAt(between, level)) / level;
        asked = (r, noise);
        return noise;
    }
}

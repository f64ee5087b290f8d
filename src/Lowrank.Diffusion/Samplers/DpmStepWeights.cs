namespace Lowrank.Diffusion;

/// <summary>
/// What a step of DPM-Solver weighs its parts with: x' = Sample·x + Constant·D₀ + (Half or Linear)·D₁ + Quadratic·D₂ + Fresh·N, where D₀ is
/// the network's estimate at the step's start, and D₁ and D₂ are its first two derivatives over the step.
/// </summary>
/// <param name="Sample">Weight of the sample.</param>
/// <param name="Constant">Weight of the estimate.</param>
/// <param name="Half">Weight of the first derivative by the midpoint's formula.</param>
/// <param name="Linear">The same by Heun's formula, which third order takes.</param>
/// <param name="Quadratic">Weight of the second derivative.</param>
/// <param name="Fresh">Weight of fresh noise.</param>
readonly record struct DpmStepWeights(double Sample, double Constant, double Half, double Linear, double Quadratic, double Fresh)
{
    /// <summary>DPM-Solver++ (Lu et al. 2022, arXiv:2211.01095), which integrates the clean estimate exactly.</summary>
    /// <param name="from">Where the step begins.</param>
    /// <param name="to">Where it ends; not without noise.</param>
    /// <param name="eta">Share of fresh noise: 0 the ordinary differential equation, 1 the stochastic one.</param>
    internal static DpmStepWeights OverClean(NoiseLevel from, NoiseLevel to, double eta)
    {
        // In λ = ln(α/σ): h is the step's length, e = 1 − exp(−H) with H = (1+η)·h.
        double h = to.LogSnr - from.LogSnr, stretched = (1 + eta) * h;
        double e = -Exponentials.Expm1(-stretched), phi2 = 1 - e / stretched, phi3 = phi2 / stretched - 0.5;
        return new(
            Sample: to.Sigma / from.Sigma * Math.Exp(-eta * h),
            Constant: to.Alpha * e,
            Half: to.Alpha * e / 2,
            Linear: to.Alpha * phi2,
            Quadratic: -to.Alpha * phi3,
            Fresh: to.Sigma * Math.Sqrt(-Exponentials.Expm1(-2 * eta * h)));
    }

    /// <summary>DPM-Solver (Lu et al. 2022, arXiv:2206.00927), which integrates the noise estimate exactly.</summary>
    /// <inheritdoc cref="OverClean"/>
    internal static DpmStepWeights OverNoise(NoiseLevel from, NoiseLevel to, double eta)
    {
        double h = to.LogSnr - from.LogSnr, e = Exponentials.Expm1(h), sign = -(1 + eta) * to.Sigma;
        return new(
            Sample: to.Alpha / from.Alpha,
            Constant: sign * e,
            Half: sign * e / 2,
            Linear: sign * (e / h - 1),
            Quadratic: sign * ((e - h) / (h * h) - 0.5),
            Fresh: to.Sigma * Math.Sqrt(Exponentials.Expm1(2 * eta * h)));
    }

    /// <summary>With the half in the last weight turned round, as diffusers (0.42) has it in its stochastic solvers.</summary>
    internal DpmStepWeights HalfTurned(NoiseLevel to) => this with { Quadratic = Quadratic - to.Alpha };
}

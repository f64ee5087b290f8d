namespace Lowrank.Diffusion;

/// <summary>The φ functions of exponential integrators, without losing the digits of a small argument.</summary>
/// <remarks>Hochbruck and Ostermann 2010, "Exponential integrators", equation 2.10.</remarks>
static class Exponentials
{
    /// <summary>exp(x) − 1.</summary>
    internal static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x + x * x / 2 : Math.Exp(x) - 1;

    /// <summary>φ₁(x) = (exp(x) − 1)/x.</summary>
    internal static double Phi1(double x) => x == 0 ? 1 : Expm1(x) / x;

    /// <summary>φ₂(x) = (φ₁(x) − 1)/x.</summary>
    internal static double Phi2(double x) => Math.Abs(x) < 1e-4 ? 0.5 + x / 6 + x * x / 24 : (Phi1(x) - 1) / x;
}

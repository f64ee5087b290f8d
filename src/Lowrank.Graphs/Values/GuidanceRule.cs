namespace Lowrank.Graphs;

/// <summary>Makes one clean estimate of those of two sides, in place of negative + scale·(positive − negative).</summary>
/// <param name="x">The noisy sample x₀ + σ·ε.</param>
/// <param name="sigma">σ.</param>
/// <param name="positive">The positive side's clean estimate.</param>
/// <param name="negative">The negative side's.</param>
/// <param name="scale">How strongly the positive side is followed.</param>
public delegate Tensor GuidanceRule(Tensor x, double sigma, Tensor positive, Tensor negative, double scale);

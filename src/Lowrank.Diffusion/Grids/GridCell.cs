namespace Lowrank.Diffusion;

/// <summary>One picture of a grid.</summary>
/// <param name="X">Its column, from 0.</param>
/// <param name="Y">Its row, from 0.</param>
/// <param name="Z">Which of the grids side by side it is in, from 0.</param>
/// <param name="Job">What is to be drawn there.</param>
public sealed record GridCell<TJob>(int X, int Y, int Z, TJob Job);

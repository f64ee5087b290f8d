namespace Lowrank.Graphs;

/// <summary>A stretch of the way from noise (0) to picture (1), by timesteps; both ends belong to it.</summary>
/// <param name="Start">Where it begins, 0 to 1.</param>
/// <param name="End">Where it ends, 0 to 1.</param>
public readonly record struct WayShare(double Start, double End);

namespace Lowrank.Diffusion;

/// <summary>What a grid needs to know of the jobs it is made of.</summary>
/// <param name="Size">Pixels across and down of a job's picture.</param>
/// <param name="MovedSeed">The job with its seed so much later.</param>
/// <param name="DrawSeed">A seed for −1.</param>
public sealed record GridSubject<TJob>(Func<TJob, (int Width, int Height)> Size, Func<TJob, long, TJob> MovedSeed, Func<long> DrawSeed);

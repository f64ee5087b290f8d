namespace Lowrank.Diffusion;

/// <summary>
/// The 50 timesteps on which latent consistency models are distilled: 19, 39, ..., 999 (Luo et al. 2023, arXiv:2310.04378).
/// </summary>
public static class DistilledTimesteps
{
    const int Count = 50;

    /// <summary>The table of their sigmas alone.</summary>
    /// <param name="table">The whole, of a multiple of 50 levels.</param>
    public static SigmaTable Table(SigmaTable table) => new([.. Enumerable.Range(0, Count).Select(i => table.Sigmas[Timestep(table, i)])]);

    /// <summary>The one whose ln σ is nearest.</summary>
    public static int Nearest(SigmaTable table, double sigma) => Timestep(table, Table(table).NearestTimestep(sigma));

    static int Timestep(SigmaTable table, int i) => table.Sigmas.Count % Count == 0
        ? (i + 1) * (table.Sigmas.Count / Count) - 1
        : throw new LowrankException(
            $"LCM's timesteps are {Count} of the model's, evenly, and that has {table.Sigmas.Count}. Choose another schedule.");
}

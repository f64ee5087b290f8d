namespace Lowrank.Graphs;

/// <summary>ComfyUI's names of schedules, and how its sampler nodes cut them.</summary>
public static class ComfySchedules
{
    static readonly OrderedDictionary<string, string> own = new()
    {
        ["simple"] = "simple",
        ["sgm_uniform"] = "sgm_uniform",
        ["karras"] = "karras",
        ["exponential"] = "exponential",
        ["ddim_uniform"] = "ddim_uniform",
        ["beta"] = "beta_timesteps",
        ["normal"] = "normal",
        ["linear_quadratic"] = "linear_quadratic",
        ["kl_optimal"] = "kl_optimal_zero",
    };

    /// <summary>The names, in its order.</summary>
    public static IReadOnlyList<string> Names => [.. own.Keys];

    /// <summary>The sigmas of so many steps, the last one included.</summary>
    /// <exception cref="LowrankException">There is no such schedule.</exception>
    public static float[] Sigmas(string name, ModelSampling sampling, int steps)
    {
        if (!own.TryGetValue(name, out string? ours))
            throw new LowrankException($"ComfyUI has no schedule \"{name}\" (nearest: {string.Join(", ", NearestNames.To(name, Names))}).");
        return Rounded(((SigmaSchedule)Schedules.Named(ours)).Sigmas(sampling.Table, steps));
    }

    /// <summary>Rounded to float32, as ComfyUI keeps them.</summary>
    public static float[] Rounded(IEnumerable<double> sigmas) => [.. sigmas.Select(sigma => (float)sigma)];

    /// <summary>
    /// The sigmas of the last <paramref name="steps"/> of as many steps as a share of the way takes; none for a share of 0.
    /// </summary>
    /// <param name="steps">How many are kept.</param>
    /// <param name="share">The share, 0 to 1.</param>
    /// <param name="whole">The share from which on all of the way is taken.</param>
    /// <param name="sigmas">Gives the sigmas of so many steps.</param>
    public static float[] LastOf(int steps, double share, double whole, Func<int, float[]> sigmas)
    {
        if (share <= 0) return [];
        float[] all = sigmas(share >= whole ? steps : (int)(steps / share));
        return all[Math.Max(0, all.Length - (steps + 1))..];
    }
}

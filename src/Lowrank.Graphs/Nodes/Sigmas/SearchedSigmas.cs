namespace Lowrank.Graphs;

/// <summary>How nodes cut sigmas that were found by search.</summary>
static class SearchedSigmas
{
    /// <summary>The last of so many steps that a share of them comes to, the last sigma put to 0; none for a share of 0.</summary>
    /// <param name="sigmas">One more than the steps.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="share">The share, 0 to 1.</param>
    public static float[] LastOf(IReadOnlyList<double> sigmas, int steps, double share)
    {
        if (share <= 0) return [];
        int kept = share < 1 ? (int)Math.Round(steps * share) : steps;
        float[] last = ComfySchedules.Rounded(sigmas.TakeLast(kept + 1));
        last[^1] = 0;
        return last;
    }
}

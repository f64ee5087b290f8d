namespace Lowrank.Diffusion;

/// <summary>
/// DEIS (Zhang and Chen 2023, arXiv:2204.13902) as ComfyUI has it, "tAB": the polynomial through the last directions, over the time of a
/// variance-preserving diffusion, is integrated over the step by a sum.
/// </summary>
/// <param name="order">Number of directions, 1 to 4.</param>
public sealed class TabulatedDeisSampler(int order = 3) : RatioSampler
{
    // The diffusion that leads from σ = 0.002 at the time 0.001 to 80 at 1 (github.com/zju-pi/diff-sampler, gits-main/solver_utils.py).
    const double FirstTime = 1e-3, Lowest = 0.002, Highest = 80;
    const int Points = 10000;

    static readonly double slope =
        2 * (Math.Log(Lowest * Lowest + 1) / FirstTime - Math.Log(Highest * Highest + 1)) / (FirstTime - 1);

    static readonly double offset = Math.Log(Highest * Highest + 1) - slope / 2;

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = step.Clean();
        if (step.IsLast) return clean;
        step.Keep(step.Direction(clean), order);
        if (step.History.Count == 1) return step.Y + step.History[0] * (step.To - step.From);
        double[] nodes = [.. Enumerable.Range(0, step.History.Count).Select(j => Time(step.FromBefore(j)))];
        return step.Y + step.Weighted(Integrals(nodes, Time(step.To)));
    }

    // Of each node's Lagrange polynomial from the first node to the end, weighted by how fast σ falls there.
    static double[] Integrals(double[] nodes, double end)
    {
        var sums = new double[nodes.Length];
        for (int i = 0; i < Points; i++)
        {
            double t = nodes[0] + (end - nodes[0]) * i / (Points - 1);
            double alpha = Math.Exp(-slope * t * t / 2 - offset * t);
            double weight = (slope * t + offset) / (2 * Math.Sqrt(alpha * (1 - alpha)));
            for (int j = 0; j < nodes.Length; j++) sums[j] += weight * Lagrange(nodes, j, t);
        }
        return [.. sums.Select(sum => sum * (end - nodes[0]) / Points)];
    }

    static double Lagrange(double[] nodes, int j, double t)
    {
        double product = 1;
        for (int k = 0; k < nodes.Length; k++)
            if (k != j) product *= (t - nodes[k]) / (nodes[j] - nodes[k]);
        return product;
    }

    static double Time(double sigma) => (Math.Sqrt(offset * offset + 2 * slope * Math.Log(sigma * sigma + 1)) - offset) / slope;
}

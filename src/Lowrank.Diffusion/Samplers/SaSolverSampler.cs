namespace Lowrank.Diffusion;

/// <summary>SA-Solver (Xue et al. 2023, arXiv:2309.05019): stochastic Adams steps, predictor and corrector, as ComfyUI has them.</summary>
/// <param name="options">Orders and noise; null for ComfyUI's.</param>
public sealed class SaSolverSampler(SaSolverOptions? options = null) : RatioSampler
{
    readonly SaSolverOptions options = options ?? new();

    /// <inheritdoc/>
    private protected override Tensor Step(RatioStep step)
    {
        var clean = step.Clean();
        step.Keep(clean, Math.Max(options.PredictorOrder, options.CorrectorOrder));
        var y = step.Y;
        int corrector = CorrectorOrder(step);
        if (corrector > 0)
        {
            // What the last predictor saved is its answer without the estimates: the corrector puts better ones in.
            double before = step.FromBefore(1);
            y = step.Context.Saved! + step.Weighted(Weights(step, corrector, before, step.From, correcting: true));
            if (options.EvaluatesCorrected)
            {
                clean = step.CleanAt(y, step.From);
                step.Replace(clean);
            }
        }
        return step.IsLast ? clean : Predict(step, y);
    }

    Tensor Predict(RatioStep step, Tensor y)
    {
        int order = Math.Min(options.PredictorOrder, step.History.Count);
        if (EndsAtZero(step)) order = Math.Min(order, step.Remaining);
        double tau = Tau(step, step.To), h = step.Length;
        var kept = y * (step.To / step.From * Math.Exp(-tau * tau * h));
        double fresh = step.To * Math.Sqrt(-Exponentials.Expm1(-2 * tau * tau * h)) * options.NoiseScale;
        if (fresh > 0) kept.add_(step.Draw(), alpha: fresh);
        step.Context.Save(kept);
        return kept + step.Weighted(Weights(step, order, step.From, step.To, correcting: false));
    }

    int CorrectorOrder(RatioStep step)
    {
        if (step.History.Count < 2 || (step.IsLast && !options.EvaluatesCorrected)) return 0;
        int order = Math.Min(options.CorrectorOrder, step.History.Count);
        return EndsAtZero(step) ? Math.Min(order, step.Remaining + 1) : order;
    }

    // Of the estimates, newest first, for the step from one σ to another.
    double[] Weights(RatioStep step, int order, double from, double to, bool correcting)
    {
        double tau = Tau(step, to);
        double[] nodes = [.. Enumerable.Range(0, order).Select(j => Math.Log(to / step.FromBefore(j)))];   // λ of each less λ at the end
        double h = Math.Log(from / to);
        return options.SimpleSecondOrder && order == 2
            ? StochasticAdams.Simple(nodes, h, tau, correcting)
            : StochasticAdams.Weights(nodes, h, tau);
    }

    double Tau(RatioStep step, double sigma)
    {
        var table = step.Plan.Table;
        bool within = sigma <= At(options.From) && sigma >= At(options.To);
        return within && options.Eta > 0 ? options.Eta : 0;

        double At(double share) => table.AtTimestep((1 - share) * (table.Sigmas.Count - 1));
    }

    static bool EndsAtZero(RatioStep step) => step.Plan.Steps[^1].To.Sigma == 0;
}

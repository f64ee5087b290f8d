namespace Lowrank.Diffusion;

/// <summary>
/// DPM-Solver++ singlestep (Lu et al. 2022, arXiv:2211.01095) as diffusers takes it: the plan's steps go in groups of two or three; each
/// begins anew where its group began, with one more estimate.
/// </summary>
/// <param name="order">1 to 3: as many steps make a group.</param>
/// <param name="eta">Share of fresh noise; 0 is the ordinary differential equation, 1 the stochastic one.</param>
/// <param name="heun">Terms by Heun's formula rather than the midpoint's.</param>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class DpmSinglestepSampler(int order = 2, double eta = 0, bool heun = false, double noiseScale = 1) : Sampler
{
    /// <summary>Whether the noise estimate is integrated and not the clean one: DPM-Solver without the pluses.</summary>
    public bool OverNoise { get; init; }

    /// <summary>Order of each step of the whole schedule; null takes <see cref="OrdersOf"/> of the plan.</summary>
    public IReadOnlyList<int>? Orders { get; init; }

    /// <summary>The orders of so many steps: 1, 2, 1, 2, ... or 1, 2, 3, 1, 2, 3, ..., and lower ones at the end.</summary>
    /// <param name="order">The highest, 1 to 3.</param>
    /// <param name="steps">How many.</param>
    /// <param name="lowerLast">
    /// Whether a last group is never whole: with order 2 the last two of an even number are both 1. Steps that make no whole groups, and a
    /// last step to zero, ask for it anyway.
    /// </param>
    /// <param name="endsClean">Whether the last step goes to zero, and so is of first order.</param>
    public static IReadOnlyList<int> OrdersOf(int order, int steps, bool lowerLast, bool endsClean)
    {
        bool lowers = lowerLast || endsClean || steps % order != 0;
        int rest = steps % order;
        // A whole last group is broken into one that is a step shorter, and a single step.
        int whole = lowers && rest == 0 ? steps - 1 : steps;
        int[] orders = [.. Enumerable.Range(0, steps).Select(i => i < whole ? i % order + 1 : 1)];
        if (endsClean) orders[^1] = 1;
        return orders;
    }

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        var prediction = context.Denoiser.Predict(x, from);
        context.Keep((OverNoise ? prediction.Noise : prediction.Clean).alias(), 3);
        int present = Math.Min(OrderOf(i, context), context.History.Count);
        if (present == 1) context.Save(x);
        if (to.Sigma == 0) return to.Alpha * prediction.Clean;

        var begin = context.Steps[i - present + 1].From;
        var weights = OverNoise ? DpmStepWeights.OverNoise(begin, to, eta) : DpmStepWeights.OverClean(begin, to, eta);
        if (eta > 0) weights = weights.HalfTurned(to);
        var first = context.History[present - 1];
        var y = (context.Saved! * weights.Sample).add_(first, alpha: weights.Constant);
        double h = to.LogSnr - begin.LogSnr;
        if (present == 2)
        {
            y.add_(Slope(0, from), alpha: heun ? weights.Linear : weights.Half);
        }
        else if (present == 3)
        {
            var middle = context.Steps[i - 1].From;
            double r0 = Share(from), r1 = Share(middle);
            var (near, far) = (Slope(1, middle), Slope(0, from));
            if (heun)
            {
                y.add_((r0 * near - r1 * far) / (r0 - r1), alpha: weights.Linear);
                y.add_((far - near) * (2 / (r0 - r1)), alpha: weights.Quadratic);
            }
            else y.add_(far, alpha: weights.Linear);
        }
        if (weights.Fresh > 0) y.add_(context.Noise.Draw(from, to), alpha: weights.Fresh * noiseScale);
        return y;

        double Share(NoiseLevel level) => (level.LogSnr - begin.LogSnr) / h;
        Tensor Slope(int newest, NoiseLevel level) => (context.History[newest] - first) / Share(level);
    }

    // A run that begins in the middle of the schedule, as image-to-image does, goes by the schedule's last orders.
    int OrderOf(int i, SamplerContext context)
    {
        int steps = context.Plan.Steps.Count;
        var orders = Orders ?? OrdersOf(order, steps, lowerLast: true, endsClean: true);
        return orders[i + Math.Max(orders.Count - steps, 0)];
    }
}

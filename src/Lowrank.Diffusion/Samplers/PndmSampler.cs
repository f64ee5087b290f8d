namespace Lowrank.Diffusion;

/// <summary>
/// Pseudo linear multistep (Liu et al. 2022, arXiv:2202.09778): Adams-Bashforth over the network's last four answers. Also called PLMS.
/// </summary>
/// <remarks>
/// The first step, without history, averages the answers at both its ends: within one step, or as two steps of a plan that repeats the
/// second.
/// </remarks>
public sealed class PndmSampler : Sampler
{
    const int Order = 4;

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        var denoiser = context.Denoiser;
        if (context.Plan.WarmUpHalf is { } half && i < PndmTimestepSchedule.WarmUp) return RungeKutta(x, from, to, half, context);
        var answer = denoiser.Evaluate(x, from);
        if (context.Saved is { } start)
        {
            var again = denoiser.Interpret((answer + context.History[0]) / 2, start, from).At(to);
            context.Save(null);
            return again;
        }
        context.Keep(answer.alias(), Order);
        var h = context.History;
        Tensor combined = h.Count switch
        {
            1 => answer,
            2 => (3 * h[0] - h[1]) / 2,
            3 => (23 * h[0] - 16 * h[1] + 5 * h[2]) / 12,
            _ => (55 * h[0] - 59 * h[1] + 37 * h[2] - 9 * h[3]) / 24,
        };
        var next = denoiser.Interpret(combined, x, from).At(to);
        if (h.Count > 1) return next;
        if (context.Plan.RepeatsSecond)
        {
            context.Save(x);
            return next;
        }
        return denoiser.Interpret((answer + denoiser.Evaluate(next, to)) / 2, x, from).At(to);
    }

    // The classical fourth order over the network's answers. As in diffusers, the network is told half a distance above the end, which for
    // spacings that are not even is not quite half a distance below the start.
    static Tensor RungeKutta(Tensor x, NoiseLevel from, NoiseLevel to, int half, SamplerContext context)
    {
        var denoiser = context.Denoiser;
        NoiseLevel below = Level((int)from.Timestep - half), above = Level((int)to.Timestep + half);
        var first = denoiser.Evaluate(x, from);
        context.Keep(first.alias(), Order);
        var second = denoiser.Evaluate(denoiser.Interpret(first, x, from).At(below), above);
        var third = denoiser.Evaluate(denoiser.Interpret(second, x, from).At(above), above);
        var fourth = denoiser.Evaluate(denoiser.Interpret(third, x, from).At(to), to);
        return denoiser.Interpret((first + 2 * second + 2 * third + fourth) / 6, x, from).At(to);

        NoiseLevel Level(int timestep) => NoiseLevel.PreservingRatio(context.Plan.Table.Sigmas[timestep], timestep);
    }
}

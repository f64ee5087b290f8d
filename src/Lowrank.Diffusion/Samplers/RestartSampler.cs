namespace Lowrank.Diffusion;

/// <summary>
/// Restart (Xu et al. 2023, arXiv:2306.14878): Heun's steps that go back up to σ = 2 with fresh noise, once or twice, when they come to
/// 0.1. Its numbers are AUTOMATIC1111's.
/// </summary>
/// <remarks>
/// Plans of fewer than 20 steps are followed as they are. Others are spread anew by Karras et al. between their first and last σ, with so
/// many steps that with those of the restarts there are as many as before.
/// </remarks>
/// <param name="noiseScale">Multiplies the fresh noise.</param>
public sealed class RestartSampler(double noiseScale = 1) : Sampler
{
    const double RestartAt = 0.1, RestartTo = 2;
    const int FewestSteps = 20, StepsForTwo = 36, StepsOfOne = 9;

    /// <inheritdoc/>
    protected override IEnumerable<SamplingStep> Way(SamplerContext context)
    {
        var plan = context.Plan;
        if (plan.Steps.Count < FewestSteps) return plan.Steps;

        plan.RequireSigma("restart");
        double[] given = [.. plan.Sigmas];
        var (times, length) = given.Length - 1 >= StepsForTwo ? (2, (given.Length - 1) / 4) : (1, StepsOfOne);
        double[] main = [.. Spread.Karras(given[0], given[^2], given.Length - 1 - length * times), 0];
        int low = Nearest(main, RestartAt), high = Nearest(main, RestartTo);
        double[] again = high < low ? [.. Spread.Karras(main[high], main[low], length + 1)] : [];
        double[] whole = [.. main.Take(low + 1), .. Enumerable.Repeat(again, times).SelectMany(one => one), .. main.Skip(low + 1)];
        return Steps(whole);

        // Where the next σ is higher there is no step, but fresh noise.
        IEnumerable<SamplingStep> Steps(double[] sigmas) =>
            from pair in sigmas.Zip(sigmas.Skip(1))
            where pair.Second < pair.First
            select new SamplingStep(plan.LevelAt(pair.First), plan.LevelAt(pair.Second));
    }

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        if (i > 0 && context.Steps[i - 1].To is var before && before.Ratio < from.Ratio)
        {
            double fresh = Math.Sqrt(from.Ratio * from.Ratio - before.Ratio * before.Ratio);
            x = (x / before.Alpha + context.Noise.Draw(before, from) * (fresh * noiseScale)) * from.Alpha;
        }
        return HeunSampler.Between(x, from, to, context);
    }

    static int Nearest(double[] sigmas, double wanted) =>
        Enumerable.Range(0, sigmas.Length).MinBy(i => Math.Abs((float)sigmas[i] - wanted));
}

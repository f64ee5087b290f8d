namespace Lowrank.Diffusion;

/// <summary>The way down from noise: which levels a sampler visits, and how it starts.</summary>
/// <param name="Steps">One after the other.</param>
/// <param name="StartScale">Factor of the normal draw that sampling starts from.</param>
/// <param name="Table">Tells the timestep of a level off the plan, which samplers with churn or half steps visit.</param>
public sealed record SamplingPlan(IReadOnlyList<SamplingStep> Steps, double StartScale, SigmaTable Table)
{
    /// <summary>
    /// Whether the second step evaluates at the first one's end and does the first again: the plan of PNDM, which no other sampler can
    /// follow.
    /// </summary>
    public bool RepeatsSecond { get; init; }

    /// <summary>
    /// Half the distance of its first three steps in timesteps, where PNDM takes them by Runge and Kutta's method; null where it does not.
    /// </summary>
    public int? WarmUpHalf { get; init; }

    /// <summary>Where DDIM and DDPM clamp the clean estimate; null for latents.</summary>
    public double? Clip { get; init; }

    /// <summary>σ/α of every level visited, and of the last one reached.</summary>
    public IEnumerable<double> Sigmas => Steps.Select(s => s.From.Ratio).Append(Steps[^1].To.Ratio);

    /// <summary>A plan over falling sigmas in k-diffusion's form; the last is where sampling ends.</summary>
    /// <param name="sigmas">n+1 sigmas.</param>
    /// <param name="table">Gives their timesteps.</param>
    /// <param name="startScale">Factor of the first draw; null means the first sigma.</param>
    public static SamplingPlan OverSigmas(IReadOnlyList<double> sigmas, SigmaTable table, double? startScale = null)
    {
        var levels = sigmas.Select(s => NoiseLevel.Exploding(s, table.Timestep(s))).ToArray();
        return new([.. levels.Zip(levels.Skip(1), (from, to) => new SamplingStep(from, to))], startScale ?? sigmas[0], table);
    }
}

/// <summary>One step of a plan.</summary>
/// <param name="From">Where the network is asked.</param>
/// <param name="To">Where the step ends: mostly the next one's start, but DDIM's spacing may differ a little.</param>
public readonly record struct SamplingStep(NoiseLevel From, NoiseLevel To);

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

    /// <summary>The level that a picture is noised to where sampling begins with one: the first step's, unless another is told.</summary>
    public NoiseLevel PictureLevel
    {
        get => pictureLevel ?? Steps[0].From;
        init => pictureLevel = value;
    }

    readonly NoiseLevel? pictureLevel;

    /// <summary>The plan that this is the end of; itself, where it is whole.</summary>
    public SamplingPlan Whole
    {
        get => whole ?? this;
        init => whole = value;
    }

    readonly SamplingPlan? whole;

    /// <summary>The plan without its first steps, for a way that begins with a picture.</summary>
    /// <param name="skipped">How many are left out, 0 to all but one.</param>
    /// <exception cref="LowrankException">No step would be left.</exception>
    public SamplingPlan After(int skipped)
    {
        if (skipped == 0) return this;
        var ways = RepeatsSecond ? [Steps[0], .. Steps.Skip(2)] : Steps;
        if (skipped >= ways.Count)
            throw new LowrankException($"Of {ways.Count} steps {skipped} are left out; one must be left. Is the strength too small? " +
                $"From {PlainValue.Text(LeastStrength(ways.Count))} on one is.");
        SamplingStep[] left = [.. ways.Skip(skipped)];
        if (RepeatsSecond && left.Length > 1)
            left = [left[0], left[0] with { From = left[0].From with { Timestep = left[1].From.Timestep } }, .. left[1..]];
        return this with { Steps = left, RepeatsSecond = RepeatsSecond && left.Length > 1, Whole = Whole };
    }

    /// <summary>The least strength by whose share of so many steps one is walked, in thousandths where that is fine enough.</summary>
    /// <param name="steps">Steps of the whole plan, from 1.</param>
    public static double LeastStrength(int steps)
    {
        double grains = 1000;
        while (steps > grains) grains *= 10;
        return Math.Ceiling(grains / steps) / grains;
    }

    /// <summary>σ/α of every level visited, and of the last one reached.</summary>
    public IEnumerable<double> Sigmas => Steps.Select(s => s.From.Ratio).Append(Steps[^1].To.Ratio);

    /// <summary>A level off the plan, of the same kind as those on it.</summary>
    /// <param name="ratio">Its σ/α.</param>
    public NoiseLevel LevelAt(double ratio)
    {
        double timestep = asksAtWhole ? Table.NearestTimestep(ratio) : Table.Timestep(ratio);
        return Steps[0].From.Alpha == 1 ? NoiseLevel.Exploding(ratio, timestep) : NoiseLevel.PreservingRatio(ratio, timestep);
    }

    bool asksAtWhole;

    /// <summary>The plan of a network that is asked at whole timesteps alone, each that of the nearest ln σ.</summary>
    public SamplingPlan AtWholeTimesteps()
    {
        return this with { Steps = [.. Steps.Select(step => new SamplingStep(Rounded(step.From), Rounded(step.To)))], asksAtWhole = true };

        // In float32, which decides where a level lies half way between two.
        NoiseLevel Rounded(NoiseLevel level)
        {
            double sigma = (float)level.Sigma;
            return level with { Sigma = sigma, Timestep = sigma > 0 ? Table.NearestTimestep(sigma / level.Alpha) : level.Timestep };
        }
    }

    /// <summary>Refuses a plan that begins where no signal is left, and so has no first σ/α.</summary>
    /// <exception cref="LowrankException">It does.</exception>
    internal void RequireSigma(string sampler)
    {
        if (Steps[0].From.Alpha == 0)
            throw new LowrankException(
                $"{sampler} takes steps of its own from the first sigma, and this plan begins at an infinite one (zero terminal SNR). " +
                "Choose a schedule over sigmas, such as karras.");
    }

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

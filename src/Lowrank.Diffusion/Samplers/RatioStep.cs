namespace Lowrank.Diffusion;

/// <summary>A step of a <see cref="RatioSampler"/>: from y at s to y at s'.</summary>
sealed class RatioStep
{
    readonly SamplerContext context;
    readonly Tensor x;
    readonly SamplingStep step;

    internal RatioStep(Tensor x, int number, SamplerContext context)
    {
        (this.x, Number, this.context) = (x, number, context);
        step = context.Steps[number];
        Y = step.From.Alpha == 1 ? x : x / step.From.Alpha;
    }

    /// <summary>The sample; to be left as it is.</summary>
    internal Tensor Y { get; }

    /// <summary>Its number, from 0.</summary>
    internal int Number { get; }

    /// <summary>s, where it begins.</summary>
    internal double From => step.From.Ratio;

    /// <summary>s', where it ends.</summary>
    internal double To => step.To.Ratio;

    /// <summary>Whether it ends without noise.</summary>
    internal bool IsLast => step.To.Sigma == 0;

    /// <summary>h = ln(s/s'): its length in half the logarithm of the signal-to-noise ratio.</summary>
    internal double Length => Math.Log(From / To);

    /// <summary>What earlier steps kept, newest first.</summary>
    internal IReadOnlyList<Tensor> History => context.History;

    /// <summary>The plan that is followed.</summary>
    internal SamplingPlan Plan => context.Plan;

    /// <summary>What the run keeps between steps beside the history.</summary>
    internal SamplerContext Context => context;

    /// <summary>Steps of the plan that come after this one.</summary>
    internal int Remaining => context.Plan.Steps.Count - 1 - Number;

    /// <summary>s of the so manieth step before this one.</summary>
    internal double FromBefore(int steps) => context.Steps[Number - steps].From.Ratio;

    /// <summary>s' of the so manieth step before this one.</summary>
    internal double ToBefore(int steps) => context.Steps[Number - steps].To.Ratio;

    /// <summary>The clean estimate of y.</summary>
    internal Tensor Clean() => context.Denoiser.Predict(x, step.From).Clean;

    /// <summary>The clean estimate of y by a network that is told another timestep.</summary>
    internal Tensor CleanTold(double timestep) => context.Denoiser.Predict(x, step.From with { Timestep = timestep }).Clean;

    /// <summary>The clean estimate of y, and that of the negative prompt alone.</summary>
    internal (Tensor Clean, Tensor Unguided) Both()
    {
        var (guided, unguided) = context.Denoiser.PredictBoth(x, step.From);
        return (guided.Clean, unguided);
    }

    /// <summary>The clean estimate of another sample, at another s.</summary>
    internal Tensor CleanAt(Tensor y, double ratio)
    {
        var level = Level(ratio);
        return context.Denoiser.Predict(level.Alpha * y, level).Clean;
    }

    /// <summary>The same with that of the negative prompt alone.</summary>
    internal (Tensor Clean, Tensor Unguided) BothAt(Tensor y, double ratio)
    {
        var level = Level(ratio);
        var (guided, unguided) = context.Denoiser.PredictBoth(level.Alpha * y, level);
        return (guided.Clean, unguided);
    }

    /// <summary>d = (y − clean)/s, the direction away from a clean estimate.</summary>
    internal Tensor Direction(Tensor clean) => (Y - clean) / From;

    /// <summary>Fresh noise for the step.</summary>
    internal Tensor Draw() => context.Noise.Draw(step.From, step.To);

    /// <summary>Fresh noise for a part of it.</summary>
    internal Tensor Draw(double from, double to) => context.Noise.Draw(Level(from), Level(to));

    /// <summary>Keeps a tensor as the newest of the history, which is cut to so many.</summary>
    internal void Keep(Tensor tensor, int count) => context.Keep(tensor.alias(), count);

    /// <summary>Puts a tensor in the place of the newest of the history.</summary>
    internal void Replace(Tensor tensor) => context.Replace(tensor.alias());

    /// <summary>The history, newest first, in a weighted sum.</summary>
    internal Tensor Weighted(IReadOnlyList<double> weights)
    {
        var sum = History[0] * weights[0];
        for (int j = 1; j < weights.Count; j++) sum.add_(History[j], alpha: weights[j]);
        return sum;
    }

    NoiseLevel Level(double ratio)
    {
        if (ratio == From) return step.From;
        return ratio == To ? step.To : Plan.LevelAt(ratio);
    }
}

namespace Lowrank.Diffusion;

/// <summary>
/// UniPC (Zhao et al. 2023, arXiv:2302.04867): a multistep predictor, and a corrector that heeds what the network says at the step's end,
/// where it is asked anyway.
/// </summary>
/// <param name="order">Number of estimates that the predictor looks at.</param>
/// <param name="variant">How they are weighed.</param>
public sealed class UniPcSampler(int order = 3, UniPcVariant variant = UniPcVariant.Bh1) : Sampler
{
    /// <summary>What ComfyUI puts for a last sigma of zero.</summary>
    public const double ComfyFloor = 0.001;

    /// <summary>Whether noise estimates are integrated and not the clean ones.</summary>
    public bool OverNoise { get; init; }

    /// <summary>Whether the last steps are of lower order; where not, a last step to zero is of first order all the same.</summary>
    public bool LowerOrderLast { get; init; } = true;

    /// <summary>Steps of the plan, from 0, whose end is not corrected.</summary>
    public IReadOnlyCollection<int> Uncorrected { get; init; } = [];

    /// <summary>
    /// Whether a step ends with its corrected sample, as in AUTOMATIC1111 and ComfyUI, so that the first asks the network twice; in
    /// diffusers the next step begins with the correction. The way's end is the same, but for orders above 3 in runs hardly longer.
    /// </summary>
    public bool CorrectsWithinSteps { get; init; }

    /// <summary>The sigma at which a plan ends that would go to zero; null goes there.</summary>
    public double? Floor { get; init; }

    /// <inheritdoc/>
    protected override IEnumerable<SamplingStep> Way(SamplerContext context)
    {
        var steps = context.Plan.Steps;
        bool raises = Floor is not null && steps[^1].To.Sigma == 0;
        if (!raises) return steps;
        double floor = Floor!.Value, timestep = context.Plan.Table.Timestep(floor);
        bool explodes = steps[^1].To.Alpha == steps[^1].From.Alpha;
        var end = explodes ? NoiseLevel.Exploding(floor, timestep) : NoiseLevel.PreservingRatio(floor, timestep);
        return [.. steps.SkipLast(1), steps[^1] with { To = end }];
    }

    /// <inheritdoc/>
    protected override Tensor Step(Tensor x, int i, SamplerContext context) =>
        CorrectsWithinSteps ? PredictedThenCorrected(x, i, context) : CorrectedThenPredicted(x, i, context);

    Tensor CorrectedThenPredicted(Tensor x, int i, SamplerContext context)
    {
        var estimate = Estimate(x, context.Steps[i].From, context);
        bool corrects = context.Saved is not null && !Uncorrected.Contains(i - 1);
        if (corrects) x = Moved(context.Saved!, i - 1, context, estimate);
        context.Keep(estimate, order);
        context.Save(x);
        return Moved(x, i, context);
    }

    Tensor PredictedThenCorrected(Tensor x, int i, SamplerContext context)
    {
        var (from, to) = context.Steps[i];
        if (i == 0) context.Keep(Estimate(x, from, context), order);
        var predicted = Moved(x, i, context);
        if (i == context.Plan.Steps.Count - 1) return predicted;
        var estimate = Estimate(predicted, to, context);
        var moved = Uncorrected.Contains(i) ? predicted : Moved(x, i, context, estimate);
        context.Keep(estimate, order);
        return moved;
    }

    Tensor Estimate(Tensor x, NoiseLevel level, SamplerContext context)
    {
        var prediction = context.Denoiser.Predict(x, level);
        return (OverNoise ? prediction.Noise : prediction.Clean).alias();
    }

    // The sample at the end of step i, from that at its beginning; corrected where the estimate at the end is known.
    Tensor Moved(Tensor x, int i, SamplerContext context, Tensor? end = null)
    {
        var (from, to) = context.Steps[i];
        var m = context.History;
        if (to.Sigma == 0) return to.Alpha * (OverNoise ? (x - from.Sigma * m[0]) / from.Alpha : m[0]);
        double h = to.LogSnr - from.LogSnr;
        if (h == 0) return x.clone();

        int present = OrderOf(i, context.Plan.Steps.Count);
        double[] past = [.. Enumerable.Range(1, present - 1).Select(j => (context.Steps[i - j].From.LogSnr - from.LogSnr) / h)];
        double[] distances = end is null ? past : [.. past, 1];
        var weights = UniPcWeights.Of(variant, OverNoise ? h : -h, distances, corrects: end is not null);
        double scale = OverNoise ? to.Sigma : to.Alpha;
        var y = (x * (OverNoise ? to.Alpha / from.Alpha : to.Sigma / from.Sigma)).add_(m[0], alpha: -scale * weights.First);
        for (int j = 0; j < distances.Length; j++)
        {
            var other = j < past.Length ? m[j + 1] : end!;
            y.add_(other - m[0], alpha: -scale * weights.Differences[j] / distances[j]);
        }
        return y;
    }

    int OrderOf(int i, int steps)
    {
        int highest = Floor is null ? order : Math.Min(order, Math.Max(steps - 1, 1));
        bool begins = i < highest - 1;
        if (begins && CorrectsWithinSteps) return i + 1;
        return Math.Min(Math.Min(highest, i + 1), LowerOrderLast ? steps - i : highest);
    }
}

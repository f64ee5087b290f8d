namespace Lowrank.Training;

/// <summary>From a network's answer to a loss: pure functions, in the order of operations of sd-scripts.</summary>
public static class DiffusionLoss
{
    /// <summary>What the network should say: ε, v = √ᾱ·ε − √(1−ᾱ)·x₀, or x₀. Belongs to the caller's scope.</summary>
    public static Tensor Target(
        NoiseSchedule schedule, PredictionType prediction, Tensor latents, Tensor noise, Tensor timesteps) => prediction switch
    {
        PredictionType.Epsilon => noise.alias(),
        PredictionType.Velocity => schedule.Velocity(latents, noise, timesteps),
        PredictionType.Sample => latents.alias(),
        _ => throw new LowrankException($"no prediction {prediction}"),
    };

    /// <summary>
    /// The loss of each sample (B): element loss, mean over all but the batch, then min-SNR, scaled v, v-like, debiased. The batch's loss
    /// is its mean.
    /// </summary>
    /// <param name="answer">The network's, (B, C, H, W).</param>
    /// <param name="target">What it should be.</param>
    /// <param name="timesteps">(B) of integers.</param>
    /// <param name="schedule">The noise levels.</param>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="options">Which losses and weights.</param>
    public static Tensor PerSample(
        Tensor answer, Tensor target, Tensor timesteps, NoiseSchedule schedule, PredictionType prediction, DiffusionLossOptions options)
    {
        using var scope = NewDisposeScope();
        Tensor? threshold = null;
        if (options.Element is ElementLoss.Huber or ElementLoss.SmoothL1)
            threshold = ElementLosses.HuberThreshold(options.HuberSchedule, timesteps, schedule, options.HuberC, options.HuberScale)
                .to(answer.device);
        var loss = ElementLosses.Of(answer, target, options.Element, threshold).flatten(1).mean([1]);
        return scope.MoveToOuter(Weighted(loss, timesteps, schedule, prediction, options));
    }

    /// <summary>Losses of samples (B), weighted by their signal-to-noise ratios.</summary>
    public static Tensor Weighted(
        Tensor loss, Tensor timesteps, NoiseSchedule schedule, PredictionType prediction, DiffusionLossOptions options)
    {
        using var scope = NewDisposeScope();
        bool velocity = prediction == PredictionType.Velocity;
        var snr = SnrWeights.Snr(schedule, timesteps.cpu()).to(loss.device);
        var weighted = loss.alias();
        if (options.MinSnrGamma is { } gamma) weighted = weighted * SnrWeights.MinSnr(snr, gamma, velocity);
        if (options.ScaleVelocityLikeNoise && velocity) weighted = weighted * SnrWeights.NoiseLike(snr);
        if (options.VelocityLikeLoss is { } k) weighted = weighted + weighted / SnrWeights.NoiseLike(snr) * k;
        if (options.DebiasedEstimation) weighted = weighted * SnrWeights.Debiased(snr, velocity);
        return scope.MoveToOuter(weighted);
    }
}

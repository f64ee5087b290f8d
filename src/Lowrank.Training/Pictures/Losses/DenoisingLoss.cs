namespace Lowrank.Training;

/// <summary>
/// Latents, noise and text to a loss: the latents are noised, and the network's answer is compared with what it should have said.
/// </summary>
/// <remarks>Ho et al. 2020 (arXiv 2006.11239), equation 14; v: Salimans and Ho 2022 (arXiv 2202.00512).</remarks>
/// <param name="model">Gives the network; what sits in its slots takes part.</param>
/// <param name="options">Loss, prediction, dtype.</param>
public sealed class DenoisingLoss(StableDiffusion model, DenoisingOptions options)
{
    /// <summary>The noise levels.</summary>
    public NoiseSchedule Schedule { get; } = NoiseSchedule.From(model.Scheduler with
    {
        RescaleBetasZeroSnr = model.Scheduler.RescaleBetasZeroSnr || options.ZeroTerminalSnr,
    });

    /// <summary>What the network predicts.</summary>
    public PredictionType Prediction => options.Prediction ?? model.Scheduler.Prediction;

    /// <summary>The weighted loss of each sample, (B) float32 with its history; it belongs to the caller's scope.</summary>
    /// <param name="latents">(B, C, H, W) float32, scaled as the network sees them.</param>
    /// <param name="noise">What is laid over them.</param>
    /// <param name="text">What they show.</param>
    /// <param name="sizes">XL is told them; (B, 6) or (1, 6), its refiner's (…, 5). Null for other models.</param>
    public Tensor PerSample(Tensor latents, TrainingNoise noise, TextConditioning text, Tensor? sizes = null)
    {
        using var scope = NewDisposeScope();
        var noisy = Schedule.AddNoise(latents, noise.Shown, noise.Timesteps).to(options.Compute);
        var added = Added(text, sizes, latents.shape[0]);
        var answer = Run(noisy, noise.Timesteps, text.Context.to(options.Compute), added).to(ScalarType.Float32);
        var target = DiffusionLoss.Target(Schedule, Prediction, latents, noise.Noise, noise.Timesteps);
        return scope.MoveToOuter(DiffusionLoss.PerSample(answer, target, noise.Timesteps, Schedule, Prediction, options.Loss));
    }

    AddedConditions? Added(TextConditioning text, Tensor? sizes, long batch)
    {
        if (text.Pooled is not { } pooled) return null;
        if (sizes is null) throw new LowrankException("this model is told sizes, and none were given");
        return new AddedConditions(pooled.to(options.Compute), sizes.expand(batch, sizes.shape[1]));
    }

    Tensor Run(Tensor noisy, Tensor timesteps, Tensor context, AddedConditions? added)
    {
        try
        {
            return model.UNet.Run(noisy, timesteps, context, added);
        }
        catch (LayerException error)
        {
            throw error.In("unet");
        }
    }
}

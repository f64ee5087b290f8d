namespace Lowrank.Graphs;

/// <summary>One run of a sampler over a guided network.</summary>
sealed class GuidedRun : IDisposable
{
    readonly NodeRun node;
    readonly GuiderValue guider;
    readonly IReadOnlyList<float> sigmas;
    readonly Tensor latents;
    readonly Tensor? mask;
    readonly bool asksNegative;
    readonly ConditionedNetwork network;
    readonly IReadOnlyList<IReadOnlyList<PlacedCondition>> sides;
    bool isAnswered;   // the present step, once

    /// <summary>A run.</summary>
    /// <param name="node">The node that samples.</param>
    /// <param name="guider">The network with what it is told.</param>
    /// <param name="sigmas">The levels.</param>
    /// <param name="latents">What is sampled from, scaled as the network sees it.</param>
    /// <param name="mask">Where it is sampled, at the latents' size; null is everywhere.</param>
    /// <param name="asksNegative">Whether the sampler wants the negative side's estimate at any scale.</param>
    public GuidedRun(
        NodeRun node, GuiderValue guider, IReadOnlyList<float> sigmas, Tensor latents, Tensor? mask, bool asksNegative)
    {
        (this.node, this.guider, this.sigmas, this.latents, this.mask) = (node, guider, sigmas, latents, mask);
        this.asksNegative = asksNegative;
        var model = guider.Model;
        var unet = model.Base.Model.UNet;
        foreach (var hook in guider.Sides.SelectMany(side => side.Conditions).SelectMany(condition => condition.Hooks))
            hook.Adapter.Prepare(model.Base.Model, node.Note);
        var asked = new DenoisingNetwork(unet, node.Settings.Precision.Compute, model.Base.Device);
        network = new(model, asked, new HookTimeline(model.Base.Model, model.Sampling, sigmas.Max()));
        var shown = new ShownPicture(unet.Config, latents, mask, model.Base.Model.VaeConfig.ScalingFactor);
        sides = new ConditionPlacement(asked, unet.Config, model.Sampling, latents, shown, model.Base.Device)
            .Place(guider.Sides, guider.NegativeSide);
    }

    /// <summary>What is mixed in outside the mask.</summary>
    public required Tensor? Mixed { get; init; }

    /// <summary>The clean estimate with which the last step began; null before the first.</summary>
    public Tensor? Denoised { get; private set; }

    /// <summary>The sample at the way's end.</summary>
    public Tensor Sample(Sampler sampler, Tensor start, ComfyNoise draws)
    {
        var plan = SamplingPlan.OverSigmas([.. sigmas.Select(sigma => (double)sigma)], guider.Model.Sampling.Table);
        var source = sampler.DrawsBrownian ? draws.Brownian(plan.Sigmas) : draws;
        var denoiser = new Denoiser(Answer, PredictionType.Sample);
        return sampler.Run(denoiser, plan, start, new WatchedNoise(source, node.Settings.Watch), (_, _) => isAnswered = false, node.Cancel);
    }

    // The sampler hands samples over at unit variance.
    NetworkAnswer Answer(Tensor unit, NoiseLevel level)
    {
        using var scope = NewDisposeScope();
        double sigma = level.Sigma;
        var x = unit / level.InputScale;
        var answer = mask is null ? Ask(x) : new NoiseMask(mask, latents, Mixed!, Rule).Ask(x, sigma, Ask);
        if (!isAnswered) Keep(answer.Guided);
        return new(scope.MoveToOuter(answer.Guided), answer.Negative is { } own ? scope.MoveToOuter(own) : null);

        NetworkAnswer Ask(Tensor sample)
        {
            var guided = guider.Answer(new GuidedStep(network, guider.Model.Changes, sides, sample, sigma, asksNegative));
            node.Settings.Watch.Estimates(sigma, guided.Guided);
            return guided;
        }
    }

    Tensor Rule(Tensor whole, double sigma) =>
        guider.Model.Changes.Mask is { } rule ? rule(whole, sigma, guider.Model.Sampling, sigmas) : whole;

    void Keep(Tensor clean)
    {
        isAnswered = true;
        Denoised?.Dispose();
        Denoised = clean.clone().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Denoised?.Dispose();
        network.Dispose();
    }
}

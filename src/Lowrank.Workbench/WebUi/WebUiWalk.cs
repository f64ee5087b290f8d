namespace Lowrank.Workbench;

/// <summary>One walk of a sampler in a web UI's job.</summary>
/// <param name="request">The request.</param>
/// <param name="files">What its names lead to.</param>
/// <param name="stage">The model at work.</param>
/// <param name="way">Sampler and levels.</param>
/// <param name="said">The prompts.</param>
/// <param name="facts">What the pictures' texts tell.</param>
sealed class WebUiWalk(WebUiRequest request, IWebUiFiles files, WebUiStage stage, WebUiPass way, WebUiSaid said, InfoFields facts)
{
    readonly WebUiOptions options = request.Options;

    /// <summary>Who looks over its shoulder.</summary>
    public required WebUiWatch Watch { get; init; }

    /// <summary>Where networks are computed.</summary>
    public required Device Device { get; init; }

    /// <summary>Frees parts of models that are needed no more.</summary>
    public PartFreeing Freeing { get; init; }

    /// <summary>Pixels across and down, as the model is told.</summary>
    public required (int Width, int Height) Size { get; init; }

    /// <summary>Whether it is the second pass.</summary>
    public bool IsSecondPass { get; init; }

    /// <summary>What holds a part of the picture as it is; null for nothing.</summary>
    public LatentMixing? Mixing { get; init; }

    /// <summary>What the network is shown beside the latents; null for nothing.</summary>
    public Tensor? Beside { get; init; }

    /// <summary>Walks it, and tells what came about on the way.</summary>
    /// <param name="start">The sample at the first level.</param>
    /// <param name="noise">Noise on the way.</param>
    /// <param name="cancel">Looked at between steps.</param>
    public Tensor Run(Tensor start, WebUiNoise noise, CancellationToken cancel)
    {
        int pictures = (int)start.shape[0];
        var guidance = Guidance();
        var network = stage.Network;
        Freeing.Free(network.Model.FreeVae);
        var (main, told) = Asked(network.Model);
        Watch.Walks?.Invoke(way.Plan);
        var sampling = new SamplingPass
        {
            Sampler = way.Solver,
            Plan = way.Plan,
            Network = main,
            Prediction = network.Prediction,
            Guider = guidance,
            Told = told,
            Noise = way.Solver.DrawsBrownian ? noise.Brownian(way.Plan.Whole.Sigmas) : noise,
            Mixing = Mixing,
            Changes = Changes,
            PerturbedScale = request.Beyond.PerturbedScale,
            Refinement = Refiner() is { } second
                ? network.Refinement(second, request, way.Evaluations, way.IsOverTimesteps, Asked) : null,
            Predicted = (step, level, clean) => Watch.Predicted?.Invoke(step, level, clean),
            BeforeStep = network.Begin,
            AfterStep = (step, _) =>
            {
                Watch.AfterStep?.Invoke(step);
                Freeing.GiveBack();
            },
        };
        var end = sampling.Run(start, cancel);
        Tell(guidance);
        return end;

        (DenoisingNetwork Network, StepTimeline<PromptConditions> Told) Asked(StableDiffusion model)
        {
            var prompts = said.Encoded(model, Device);
            Freeing.Free(() => model.FreeTextEncoders());
            var sizes = SizeConditions.Of(Size.Width, Size.Height);
            var own = network.Of(model);
            return (own, prompts.For(own, new int[pictures], sizes, sizes, Beside));
        }
    }

    WebUiGuidance Guidance() => new(request.CfgScale * way.Solver.GuidanceFactor, way.Evaluations)
    {
        SkipEarly = options.SkipEarly,
        MinSigma = request.MinSigma ?? options.MinSigma,
        MinSigmaInAll = options.MinSigmaInAll,
        ComparesTimesteps = way.IsOverTimesteps,
        Rescale = request.Beyond.GuidanceRescale,
    };

    UNetChanges Changes
    {
        get
        {
            var changes = new UNetChanges { DoublesOddSizes = true };
            return request.Beyond.FreeU is { } free ? free.In(changes, stage.Network.Model.UNetConfig) : changes;
        }
    }

    void Tell(WebUiGuidance guidance)
    {
        if (guidance.HasSkippedEarly) facts.Add("Skip Early CFG", options.SkipEarly);
        if (guidance.HasSkippedLate) facts.Add("NGMS", request.MinSigma ?? options.MinSigma);
        if (guidance.HasSkippedLate && options.MinSigmaInAll) facts.Add("NGMS all steps", true);
    }

    WebUiModel? Refiner()
    {
        if (request.Refiner is null or "" or "None" or "none") return null;
        string passes = options.HiresRefinerPass;
        bool leavesOut = request.Hires is not null && (IsSecondPass ? passes == "first pass" : passes == "second pass");
        if (leavesOut) return null;
        return files.Model(request.Refiner) ?? throw new LowrankException($"There is no model \"{request.Refiner}\" to refine with.");
    }
}

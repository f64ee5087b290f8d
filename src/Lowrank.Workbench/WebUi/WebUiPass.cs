namespace Lowrank.Workbench;

/// <summary>The way that one pass of a web UI's job goes: its sampler, its levels, and what a picture's text tells of them.</summary>
sealed class WebUiPass
{
    readonly WebUiRequest request;
    readonly WebUiSampler sampler;
    readonly InfoFields facts;

    /// <summary>Chooses sampler and levels.</summary>
    /// <param name="request">The request.</param>
    /// <param name="label">The sampler's label.</param>
    /// <param name="schedule">The schedule's label.</param>
    /// <param name="noise">The model's levels.</param>
    /// <param name="steps">How many steps are asked for.</param>
    /// <param name="rule">How many of them are walked; null walks all, from noise alone.</param>
    /// <param name="sigmas">Settings of the sigmas.</param>
    /// <param name="facts">What the pictures' texts tell.</param>
    public WebUiPass(
        WebUiRequest request, string label, string schedule, NoiseSchedule noise, int steps, StrengthSteps? rule, WebUiSigmaSettings sigmas,
        InfoFields facts)
    {
        (this.request, this.facts) = (request, facts);
        sampler = WebUiSamplers.Named(label);
        int length = rule?.ScheduleSteps ?? steps;
        Plan = sampler.IsOverTimesteps ? OverTimesteps(noise, length, rule, sigmas) : OverSigmas(noise, schedule, length, rule, sigmas);
        int walked = rule is { } part ? part.Encoded + 1 : steps;
        Evaluations = sampler.IsSecondOrder ? 2 * walked : walked;
        bool scalesAsSgm = rule is null && !sampler.IsOverTimesteps && request.Options.SgmNoise;
        if (scalesAsSgm) facts.Add("SGM noise multiplier", true);
        if (rule is not null && request.Options.ExtraNoise > 0) facts.Add("Extra noise", request.Options.ExtraNoise);
        Solver = Samplers.Named(sampler.Name).Create(SolverOptions());
    }

    /// <summary>The levels.</summary>
    public SamplingPlan Plan { get; }

    /// <summary>The solver.</summary>
    public Sampler Solver { get; }

    /// <summary>Evaluations that are expected.</summary>
    public int Evaluations { get; }

    /// <summary>Whether it walks down timesteps.</summary>
    public bool IsOverTimesteps => sampler.IsOverTimesteps;

    /// <summary>What the web UI knows of the sampler.</summary>
    public WebUiSampler Sampler => sampler;

    /// <summary>Share of fresh noise.</summary>
    public double Eta => request.EtaOf(sampler);

    /// <summary>Begins with noise alone.</summary>
    public Tensor FromNoise(Tensor draw)
    {
        if (sampler.IsOverTimesteps) return draw;
        return draw * (request.Options.SgmNoise ? Math.Sqrt(1 + Plan.StartScale * Plan.StartScale) : Plan.StartScale);
    }

    /// <summary>Begins with latents that noise is added to.</summary>
    public Tensor FromLatents(Tensor latents, Tensor draw) =>
        PictureStart.Noised(latents, draw, Plan.PictureLevel, Math.Max(request.Options.ExtraNoise, 0));

    SamplingPlan OverSigmas(NoiseSchedule noise, string schedule, int steps, StrengthSteps? rule, WebUiSigmaSettings settings)
    {
        var table = SigmaTable.Of(noise);
        var chosen = WebUiSigmas.Of(sampler, schedule, table, steps, settings);
        foreach (var (field, value) in chosen.Text) facts.Add(field, value);
        var plan = SamplingPlan.OverSigmas(chosen.Sigmas, table);
        return rule is { } part ? plan.After(part.First) : plan;
    }

    SamplingPlan OverTimesteps(NoiseSchedule noise, int steps, StrengthSteps? rule, WebUiSigmaSettings settings)
    {
        bool discards = settings.AlwaysDiscardPenultimate && !sampler.DiscardsPenultimate;
        if (discards) facts.Add("Discard penultimate sigma", true);
        var rising = WebUiSigmas.Timesteps(sampler, noise.Count, steps, settings);
        if (sampler.Name == UniPc) return OverTimes(noise, rising, rule);
        var levels = rising.Select(t => NoiseLevel.Preserving(noise.AlphaBar(t), t)).Reverse().ToArray();
        var plan = new SamplingPlan([.. levels.Zip(levels.Skip(1), (from, to) => new SamplingStep(from, to))], 1, SigmaTable.Of(noise));
        if (rule is not { } part) return plan;
        // The picture is noised to the timestep above the first that is asked about.
        var above = levels[^(part.Encoded + 1)];
        int left = Math.Max(part.Encoded - 1, 1);
        return plan.After(plan.Steps.Count - left) with { PictureLevel = above };
    }

    // UniPC spreads times of its own, as many as there are timesteps.
    SamplingPlan OverTimes(NoiseSchedule noise, IReadOnlyList<int> rising, StrengthSteps? rule)
    {
        if (Schedules.Named($"unipc_{request.Options.UniPcSkipType}") is not UniPcSchedule spread)
            throw new LowrankException($"UniPC has no skip type {request.Options.UniPcSkipType}.");
        if (rule is not { } part) return spread.Over(noise, rising.Count);
        var plan = spread.Below(noise, [.. rising.Take(part.Encoded)]);
        int above = rising[part.Encoded];
        return plan with { PictureLevel = NoiseLevel.Preserving(noise.AlphaBar(above), above) };
    }

    const string UniPc = "unipc";

    SamplerOptions SolverOptions()
    {
        var (options, heeds) = (request.Options, sampler.Heeds);
        TellEta();
        bool scales = heeds.HasFlag(SamplerSettings.NoiseScale), churns = heeds.HasFlag(SamplerSettings.Churn);
        double amount = Told("Sigma churn", churns, options.Churn, 0, request.Churn.Amount);
        double from = Told("Sigma tmin", churns, options.ChurnFrom, 0, request.Churn.From);
        double to = Told("Sigma tmax", churns, options.ChurnTo, 0, request.Churn.To);
        double noiseScale = Told("Sigma noise", scales, options.NoiseScale, 1, request.Churn.NoiseScale);
        var churn = new Churn(amount, from, to == 0 ? double.PositiveInfinity : to, noiseScale);
        return new()
        {
            Eta = heeds.HasFlag(SamplerSettings.Eta) ? Eta : null,
            Churn = churns ? churn : new(),
            NoiseScale = scales && !churns ? noiseScale : 1,
            Order = sampler.Name == UniPc ? options.UniPcOrder : null,
            UniPc = new(VariantNamed(options.UniPcVariant), options.UniPcLowerOrderFinal),
            Manner = SamplerManner.WebUi,
        };
    }

    /// <summary>What the web UI calls UniPC's variants.</summary>
    public static IReadOnlyDictionary<UniPcVariant, string> VariantNames { get; } = new Dictionary<UniPcVariant, string>
    {
        [UniPcVariant.Bh1] = "bh1", [UniPcVariant.Bh2] = "bh2", [UniPcVariant.VaryCoeff] = "vary_coeff",
    };

    static UniPcVariant VariantNamed(string name)
    {
        foreach (var (variant, known) in VariantNames) if (known == name) return variant;
        throw new LowrankException($"UniPC has no variant \"{name}\"; there are {string.Join(", ", VariantNames.Values)}.");
    }

    void TellEta()
    {
        if (!sampler.Heeds.HasFlag(SamplerSettings.Eta)) return;
        double usual = sampler.IsOverTimesteps ? 0 : 1;
        if (Eta != usual) facts.Add(sampler.IsOverTimesteps ? "Eta DDIM" : "Eta", Eta);
    }

    // A setting that is not at its default comes before the request's own value, and is told; the request's is not.
    double Told(string field, bool isHeeded, double setting, double usual, double? asked)
    {
        if (!isHeeded || setting == usual) return asked ?? setting;
        facts.Add(field, setting);
        return setting;
    }
}

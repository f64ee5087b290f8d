namespace Lowrank.Workbench;

/// <summary>
/// The networks of a web UI's job, with the adapters and words that its prompts call; as they were, once it is disposed of.
/// </summary>
sealed class WebUiNetwork : IDisposable
{
    readonly WebUiOptions options;
    readonly Precision precision;
    readonly Device device;
    readonly InfoFields facts;
    readonly IWebUiFiles files;
    readonly List<string> comments;
    readonly List<StableDiffusion> seamless = [];
    readonly Dictionary<StableDiffusion, WebUiAdapters> attached = [];
    IReadOnlyList<AdapterTag> tags = [];
    long chance;

    public WebUiNetwork(
        StableDiffusion model, NoiseSchedule levels, IWebUiFiles files, WebUiOptions options, Precision precision, Device device,
        InfoFields facts, List<string> comments)
    {
        (Model, Levels, this.files, this.options, this.precision, this.device) = (model, levels, files, options, precision, device);
        (this.facts, this.comments) = (facts, comments);
    }

    /// <summary>The base model.</summary>
    public StableDiffusion Model { get; }

    /// <summary>The network of a model, of this one or of one that takes over.</summary>
    public DenoisingNetwork Of(StableDiffusion model) => new(model.UNet, precision.Compute, device);

    /// <summary>Its levels of noise.</summary>
    public NoiseSchedule Levels { get; }

    /// <summary>What it predicts.</summary>
    public PredictionType Prediction => Model.Scheduler.Prediction;

    /// <summary>Whether it is SDXL or its refiner.</summary>
    public bool IsSdxl => StableDiffusionFamilies.IsLarge(Model.Family);

    /// <summary>Whether it is an inpainting model, which is shown mask and masked picture.</summary>
    public bool ShowsMask => RefinerOptions.ShowsMask(Model);

    /// <summary>Words that were taught, with the digits that tell their files apart.</summary>
    public IReadOnlyDictionary<string, string> Words => attached[Model].Words;

    /// <summary>Makes the model's pictures fit side by side until this is disposed of.</summary>
    public void MakeSeamless()
    {
        Model.SetSeamless(true);
        seamless.Add(Model);
    }

    /// <summary>Attaches the adapters of a prompt, in place of those before.</summary>
    /// <param name="called">Their tags.</param>
    /// <param name="seed">Settles weights of blocks that are left to chance.</param>
    /// <param name="isSecondPass">Whether pictures' texts go on telling those of the first pass.</param>
    public void Attach(IReadOnlyList<AdapterTag> called, long seed, bool isSecondPass)
    {
        Detach();
        (tags, chance) = (called, seed);
        var adapters = AttachedTo(Model);
        if (!options.TellsAdapters) return;
        var before = isSecondPass ? facts.Where(fact => fact.Key == AdapterHashes.Field).Select(fact => fact.Value).FirstOrDefault() : null;
        var hashes = new Dictionary<string, string>(before is null ? [] : AdapterHashes.Read(before));
        foreach (var (name, hash) in adapters.Hashes) hashes[name] = hash;
        facts.Add(AdapterHashes.Field, hashes.Count > 0 ? AdapterHashes.Format(hashes) : null);
    }

    /// <summary>Gives each layer the strengths that it has in a step, from 0.</summary>
    /// <param name="step">The step.</param>
    /// <param name="steps">Of how many.</param>
    public void Begin(int step, int steps)
    {
        foreach (var adapters in attached.Values) adapters.Begin(step, steps);
    }

    /// <summary>A model that takes over on the way; null where it is the one at work.</summary>
    /// <param name="title">The model.</param>
    /// <param name="request">The request.</param>
    /// <param name="evaluations">Evaluations that are expected.</param>
    /// <param name="isOverTimesteps">Whether the sampler walks down timesteps.</param>
    /// <param name="asked">Makes a model's network and what it is told.</param>
    public Refinement? Refinement(
        WebUiModel title, WebUiRequest request, int evaluations, bool isOverTimesteps,
        Func<StableDiffusion, (DenoisingNetwork Network, StepTimeline<PromptConditions> Told)> asked)
    {
        if (ReferenceEquals(title.Model, Model)) return null;
        AttachedTo(title.Model);
        var table = SigmaTable.Of(Levels);
        double at = request.RefinerSwitchAt ?? 0;
        bool hasTold = false;
        var (network, told) = asked(title.Model);
        return new(network, told, TakesOver);

        bool TakesOver(NoiseLevel level, int evaluation)
        {
            if (Done(level, evaluation) < at) return false;
            if (!hasTold) Tell();
            return hasTold = true;
        }

        double Done(NoiseLevel level, int evaluation)
        {
            return options.RefinesBySteps ? evaluation / (double)evaluations : table.ShareDone(level, isOverTimesteps);
        }

        void Tell()
        {
            if (options.RefinesBySteps) facts.Add("Refiner switch by sampling steps", true);
            bool tellsPasses = request.Hires is not null && options.HiresRefinerPass != "second pass";
            if (tellsPasses) facts.Add("Hires refiner", options.HiresRefinerPass);
            facts.Add(InfoLabel.Refiner, title.Title.ShortTitle);
            facts.Add(InfoLabel.RefinerSwitch, request.RefinerSwitchAt);
        }
    }

    WebUiAdapters AttachedTo(StableDiffusion model)
    {
        if (!attached.TryGetValue(model, out var adapters)) attached[model] = adapters = new(model, files, tags, chance, comments);
        return adapters;
    }

    /// <summary>Frees the parts that decoding needs no more: the networks of this model and of those that took over.</summary>
    public void Free()
    {
        Model.FreeUNet();
        foreach (var model in attached.Keys) model.FreeUNet();
    }

    /// <summary>Takes adapters and words out again.</summary>
    public void Detach()
    {
        foreach (var adapters in attached.Values) adapters.Dispose();
        attached.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Detach();
        foreach (var model in seamless) model.SetSeamless(false);
    }
}

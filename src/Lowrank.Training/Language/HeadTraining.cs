namespace Lowrank.Training;

/// <summary>Training a head together with an adapter: classes of texts, pairs and words, numbers, answers' places, rewards.</summary>
sealed class HeadTraining : ITrainingJob
{
    readonly TrainingRecipe recipe;
    readonly HeadedModel model;
    readonly HeadData data;
    readonly HeadValidation? validation;

    HeadTraining(TrainingRecipe recipe, HeadedModel model, HeadSource source, IObjective objective)
    {
        (this.recipe, this.model) = (recipe, model);
        var section = recipe.Language;
        data = HeadData.Of(source, model, recipe, Account, isShuffled: true);
        Tell();
        var learnt = new LanguageTrainingTask(model.Network, objective, data.Batches, new()
        {
            Seed = recipe.Computing.Seed,
            Accumulation = recipe.Optimization.Accumulation,
            WeighsTokens = LanguageSection.Reductions.Of(section.Reduction),
            Device = recipe.Computing.ToDevice(),
        });
        validation = Held(source);
        Task = new HeadTask(learnt, step => validation?.Look(model.Network, objective, step) ?? new Dictionary<string, double>());
        Data = new(data.Count, data.Batches.PerEpoch);
        Origins = LanguageOrigins.Of(recipe);
    }

    void Tell()
    {
        var names = model.Labels.Names;
        if (model.Labels != HeadLabels.Score) Account.Takes("labels", $"{names.Count} classes: {Listing.Of(names)}");
        string head = string.Join(", ", model.Network.HeadPaths);
        Account.Takes("head", model.Network.LacksHead
            ? $"the head ({head}) begins at random, by the seed" : $"the base's own head ({head}) goes on");
        foreach (string note in model.Network.Notes.Concat(model.Loaded.Notes)) Account.Leaves("base_model", note);
        foreach (string idle in Idle(recipe.Language)) Account.Leaves("idle", idle);
    }

    // What a model that writes is told, and this one not.
    static IEnumerable<string> Idle(LanguageSection section)
    {
        var plain = new LanguageSection();
        const string Why = "is not used: a head reads rows whole";
        if (section.Packing != plain.Packing) yield return $"packing is {section.Packing} and {Why}";
        if (section.Counted != plain.Counted) yield return $"counted is {section.Counted} and {Why}";
        if (section.AssistantOnly) yield return $"assistant_only is on and {Why}";
        if (section.NeftuneAlpha > 0) yield return $"neftune_alpha is {PlainValue.Text(section.NeftuneAlpha)} and is not used with a head";
        if (section.SampleEvery > 0)
            yield return $"sample_every is {section.SampleEvery} and is not used: a model with a head writes nothing";
    }

    HeadValidation? Held(HeadSource source)
    {
        string path = recipe.Language.ValidationData;
        if (path.Length == 0) return null;
        int every = recipe.Language.ValidateEvery, last = recipe.Optimization.StepsOf(data.Batches.PerEpoch);
        var held = HeadData.Of(HeadSource.Read(path, recipe.Language, model.Aim), model, recipe, Account, isShuffled: false);
        Account.Takes("validation_data", $"{Listing.Count(held.Count, "row")} of {path} held back, looked at every " +
            $"{Listing.Count(every, "step")} and after the last");
        return new(held.Batches, model.Aim, Measures(source), step => step % every == 0 || step == last);
    }

    IReadOnlyList<string> Measures(HeadSource source)
    {
        if (source.Task is { } task) return LabelMeasures.Of(task);
        return model.Aim == HeadAim.Number ? LabelMeasures.OfScores : LabelMeasures.OfClasses;
    }

    /// <summary>Opens data and model of a recipe.</summary>
    public static HeadTraining Open(TrainingRecipe recipe)
    {
        var objective = recipe.Language.ToObjective();
        var aim = HeadedModel.AimOf(recipe.Language, objective.Needs);
        var source = HeadSource.Read(recipe.Language.Data, recipe.Language, aim);
        var model = HeadedModel.Load(recipe, aim, source);
        try
        {
            return new(recipe, model, source, objective);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public ModelDescription Model => model.Network.Describe();

    public IReadOnlyList<PlannedTarget> Whole => HeadStart.Plan(model.Network, recipe.Language.HeadLearningRate);

    public ITrainingTask Task { get; }

    public TrainingData Data { get; }

    public IReadOnlyList<TrainingOrigin> Origins { get; }

    public Account Account { get; } = new();

    public IReadOnlyList<string> Dialects => ["peft"];

    public void Prepare(ITrainingListener listener, CancellationToken cancel) { }

    public void Begin(Adapter adapter)
    {
        model.Network.GradientCheckpointing = recipe.Computing.GradientCheckpointing;
        if (validation is not null) validation.Train = adapter.Train;
    }

    public void Show(Adapter adapter, int step) { }

    public void Saved(string path) => LanguageMetadata.PutTokenizer(model.Loaded, path);

    public IReadOnlyDictionary<string, string> Metadata(RunProgress progress)
    {
        var metadata = LanguageMetadata.Of(recipe, model.Network, model.Location, model.Loaded, data.Count, progress);
        metadata["task_type"] = model.Aim switch
        {
            HeadAim.Tokens => "TOKEN_CLS",
            HeadAim.Span => "QUESTION_ANS",
            _ => "SEQ_CLS",
        };
        if (model.Aim != HeadAim.Span) metadata[HeadMetadata.Labels] = HeadMetadata.TextOf(model.Labels.Names);
        return metadata;
    }

    public ModelSpec Spec(RunProgress progress) => LanguageMetadata.Spec(recipe, model.Network, progress);

    public void Dispose() => model.Dispose();
}

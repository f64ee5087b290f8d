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
        Drops = !(objective.Needs.LeavesOutChance && section.DisableDropout);
        Tell(objective);
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

    public bool Drops { get; }

    void Tell(IObjective objective)
    {
        var names = model.Labels.Names;
        if (model.Labels != HeadLabels.Score) Account.Takes("labels", $"{names.Count} classes: {Listing.Of(names)}");
        string head = string.Join(", ", model.Network.HeadPaths);
        Account.Takes("head", model.Network.LacksHead
            ? $"the head ({head}) begins at random, by the seed" : $"the base's own head ({head}) goes on");
        foreach (string note in model.Network.Notes.Concat(model.Loaded.Notes)) Account.Leaves("base_model", note);
        foreach (string note in objective.Notes) Account.Leaves("objective", note);
        LanguageSection.TellWeights(recipe, objective.Needs, Account);
        if (!Drops && recipe.Network is not { Dropout: 0, RankDropout: 0, ModuleDropout: 0 })
            Account.Leaves("dropout", $"the objective {recipe.Language.Objective} compares passes, and trains without dropouts " +
                "(disable_dropout=false keeps them)");
    }

    HeadValidation? Held(HeadSource source)
    {
        string path = recipe.Language.ValidationData;
        if (path.Length == 0) return null;
        int every = recipe.Language.ValidateEvery, last = recipe.Optimization.StepsOf(data.Batches.PerEpoch);
        var told = new Account();
        var held = HeadData.Of(HeadSource.Read(path, recipe.Language, model.Aim), model, recipe, told, isShuffled: false);
        Account.AddOf(path, told);
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
        if (validation is not null) validation.Train = on => adapter.Train(on && Drops);
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

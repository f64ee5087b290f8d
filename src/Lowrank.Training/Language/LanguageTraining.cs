namespace Lowrank.Training;

/// <summary>Training a language model on texts, conversations and preferences.</summary>
public sealed class LanguageTraining : ITrainingJob
{
    readonly TrainingRecipe recipe;
    readonly LanguageModel model;
    readonly LanguageData? data;
    readonly LanguageAnswers? answers;
    readonly LanguageValidation? validation;
    readonly LanguageTrainingTask task;
    readonly ReferenceCache? cache;
    readonly ObjectiveNeeds needs;
    FrozenReference? reference;
    SampleTexts? samples;
    GgufBeside? gguf;
    IReadOnlyDictionary<string, string> told = new Dictionary<string, string>();   // by the newest of the files
    ITrainingListener? listener;
    CancellationToken prepared;

    LanguageTraining(TrainingRecipe recipe, LanguageModel model)
    {
        (this.recipe, this.model) = (recipe, model);
        var (section, objective) = (recipe.Language, recipe.Language.ToObjective());
        needs = objective.Needs;
        if (needs.Rows == ObjectiveRows.Written) answers = new(recipe, model, Account);
        else data = LanguageData.Read(section.Data, model, recipe, needs, isShuffled: true);
        data?.AddTo(Account, section.Data);
        answers?.Account.AddTo(Account);
        foreach (string note in model.Notes) Account.Leaves("base_model", note);
        LanguageMetadata.TellTokenizer(model, Account);
        foreach (string note in objective.Notes) Account.Leaves("objective", note);
        TellReference();
        validation = Held();
        if (section.CacheReference && needs.Reference && data?.Items is { } items) cache = new(data.Batches, items);
        var batches = cache ?? data?.Batches ?? answers!.Batches;
        task = new(model.Network, objective, batches, new()
        {
            Temperature = answers is null ? 1 : section.Temperature,
            Seed = recipe.Computing.Seed,
            Accumulation = recipe.Optimization.Accumulation,
            WeighsTokens = LanguageSection.Reductions.Of(section.Reduction),
            NeftuneAlpha = section.NeftuneAlpha,
            Device = recipe.Computing.ToDevice(),
        })
        {
            Validation = validation, FirstTold = TellFirst,
        };
        Data = new(Rows, batches.PerEpoch);
        Origins = LanguageOrigins.Of(recipe);
    }

    int Rows => data?.Count ?? answers!.Account.Rows;

    // Those that compare tell nothing of two passes that differ by chance.
    bool LeavesOutDropouts => needs.LeavesOutChance && recipe.Language.DisableDropout;

    /// <inheritdoc/>
    public bool Drops => !LeavesOutDropouts;

    bool HasDropouts => recipe.Network.Dropout > 0 || recipe.Network.RankDropout > 0 || recipe.Network.ModuleDropout > 0;

    void TellReference()
    {
        if (HasDropouts && LeavesOutDropouts)
            Account.Leaves("dropout", $"the objective {recipe.Language.Objective} compares passes, and trains without dropouts " +
                "(disable_dropout=false keeps them)");
        if (!needs.Reference) return;
        string begun = recipe.Network.InitAdapter;
        Account.Takes("reference", begun.Length > 0 ? $"the model with {begun} as it is" : "the model without its adapter");
    }

    // Before the first update policy and reference are one.
    void TellFirst(IReadOnlyDictionary<string, double> told)
    {
        const double Noise = 0.01;
        if (!needs.Reference) return;
        foreach (string name in new[] { "rewards/chosen", "rewards/rejected" })
            if (told.TryGetValue(name, out double reward) && Math.Abs(reward) > Noise)
                listener?.Warned($"before the first update {name} is {PlainValue.Text(reward)} and should be 0: the model that is " +
                    "trained does not begin as its reference. Are dropouts on, or does the adapter begin with a change?");
    }

    LanguageValidation? Held()
    {
        string path = recipe.Language.ValidationData;
        if (path.Length == 0) return null;
        if (needs.Rows == ObjectiveRows.Written)
        {
            Account.Leaves("validation_data", $"the objective {recipe.Language.Objective} tells rewards of the answers that it " +
                $"learns from, and {path} is not looked at");
            return null;
        }
        var held = LanguageData.Read(path, model, recipe, needs, isShuffled: false);
        Account.Takes("validation_data", $"{Listing.Count(held.Count, "row")} of {path} held back, looked at every " +
            $"{Listing.Count(recipe.Language.ValidateEvery, "step")}");
        return new(held.Batches, recipe.Language.ValidateEvery, weighsRows: needs.Rows != ObjectiveRows.Plain);
    }

    /// <summary>It in the list of kinds.</summary>
    public static TrainingKind Kind { get; } = new(LanguageRecipe.Form, OpenJob);

    /// <inheritdoc/>
    public ModelDescription Model => model.Network.Describe();

    /// <inheritdoc/>
    public ITrainingTask Task => task;

    /// <inheritdoc/>
    public TrainingData Data { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TrainingOrigin> Origins { get; }

    /// <inheritdoc/>
    public Account Account { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Dialects => ["peft"];

    static ITrainingJob OpenJob(TrainingRecipe recipe, ITrainingListener listener, CancellationToken cancel)
    {
        if (recipe.Language.ToObjective().Needs.Model != ObjectiveModel.Writer) return HeadTraining.Open(recipe);
        GgufBeside.Check(recipe);
        var precision = recipe.Computing.ToPrecision();
        var model = LanguageModel.Load(recipe.Model.BaseModel, new Storage(precision.Stored, recipe.Computing.ToDevice()));
        try
        {
            model.Network.Dtype = precision.Compute;
            return new LanguageTraining(recipe, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Prepare(ITrainingListener listener, CancellationToken cancel)
    {
        gguf = new(recipe, model.Network.Describe(), listener);
        this.listener = listener;
        answers?.Prepare(listener, cancel);
        prepared = cancel;
        if (needs.Reference && recipe.Network.InitAdapter is { Length: > 0 } begun)
        {
            reference = new(Model, AdapterFile.Read(begun, Model, allowUnmatched: true));
            task.AsReference = reference.Use;
        }
        cache?.Fill(task, (done, all) => listener.Prepared("asking the reference", done, all), cancel);
    }

    /// <inheritdoc/>
    public void Begin(Adapter adapter)
    {
        model.Network.GradientCheckpointing = recipe.Computing.GradientCheckpointing;
        gguf!.Adapter = adapter;
        Action<bool> train = on =>
        {
            // Layers in evaluation leave nothing out, whatever their adapters would.
            if (HasDropouts) model.Network.train(on && Drops);
            adapter.Train(on && Drops);
        };
        train(true);
        if (validation is not null) validation.Train = train;
        if (answers is not null) answers.Writer.Train = train;
        samples = new(recipe, model, listener!, train, prepared);
    }

    /// <inheritdoc/>
    public void Show(Adapter adapter, int step)
    {
        samples!.Make(step);
        answers?.TellAtEnd(step);
    }

    /// <inheritdoc/>
    public void Saved(string path)
    {
        LanguageMetadata.PutTokenizer(model.Loaded, path);
        gguf!.Write(path, told);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata(RunProgress progress) =>
        told = LanguageMetadata.Of(recipe, model, Rows, progress);

    /// <inheritdoc/>
    public ModelSpec Spec(RunProgress progress) => LanguageMetadata.Spec(recipe, model.Network, progress);

    /// <inheritdoc/>
    public void Dispose()
    {
        reference?.Dispose();
        answers?.Dispose();
        model.Dispose();
    }
}

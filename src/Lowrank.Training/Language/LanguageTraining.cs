namespace Lowrank.Training;

/// <summary>Training a language model on texts, conversations and preferences.</summary>
public sealed class LanguageTraining : ITrainingJob
{
    readonly TrainingRecipe recipe;
    readonly LanguageModel model;
    readonly LanguageData data;
    readonly LanguageValidation? validation;
    readonly LanguageTrainingTask task;
    SampleTexts? samples;
    GgufBeside? gguf;
    IReadOnlyDictionary<string, string> told = new Dictionary<string, string>();   // by the newest of the files

    LanguageTraining(TrainingRecipe recipe, LanguageModel model)
    {
        (this.recipe, this.model) = (recipe, model);
        var (section, objective) = (recipe.Language, recipe.Language.ToObjective());
        if (objective.Needs.Reference && recipe.Network.InitAdapter.Length > 0)
            throw new LowrankException($"the objective {section.Objective} compares with the model as it was, which for a run that " +
                "begins with init_adapter is that adapter, and the base alone is asked. Merge the adapter into the base and train on " +
                "that.");
        data = LanguageData.Read(section.Data, model, recipe, objective.Needs, isShuffled: true);
        data.AddTo(Account, section.Data);
        foreach (string note in model.Notes) Account.Leaves("base_model", note);
        LanguageMetadata.TellTokenizer(model, Account);
        validation = Held(objective.Needs);
        task = new(model.Network, objective, data.Batches, new()
        {
            Seed = recipe.Computing.Seed,
            Accumulation = recipe.Optimization.Accumulation,
            WeighsTokens = LanguageSection.Reductions.Of(section.Reduction),
            NeftuneAlpha = section.NeftuneAlpha,
            Device = recipe.Computing.ToDevice(),
        })
        {
            Validation = validation,
        };
        Data = new(data.Count, data.Batches.PerEpoch);
        Origins = LanguageOrigins.Of(recipe);
    }

    LanguageValidation? Held(ObjectiveNeeds needs)
    {
        string path = recipe.Language.ValidationData;
        if (path.Length == 0) return null;
        var held = LanguageData.Read(path, model, recipe, needs, isShuffled: false);
        Account.Takes("validation_data", $"{Listing.Count(held.Count, "row")} of {path} held back, looked at every " +
            $"{Listing.Count(recipe.Language.ValidateEvery, "step")}");
        return new(held.Batches, recipe.Language.ValidateEvery);
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
        samples = new(recipe, model, listener, cancel);
        gguf = new(recipe, model.Network.Describe(), listener);
    }

    /// <inheritdoc/>
    public void Begin(Adapter adapter)
    {
        model.Network.GradientCheckpointing = recipe.Computing.GradientCheckpointing;
        if (validation is not null) validation.Train = adapter.Train;
        gguf!.Adapter = adapter;
    }

    /// <inheritdoc/>
    public void Show(Adapter adapter, int step) => samples!.Make(adapter, step);

    /// <inheritdoc/>
    public void Saved(string path)
    {
        LanguageMetadata.PutTokenizer(model.Loaded, path);
        gguf!.Write(path, told);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata(RunProgress progress) =>
        told = LanguageMetadata.Of(recipe, model, data, progress);

    /// <inheritdoc/>
    public ModelSpec Spec(RunProgress progress) => LanguageMetadata.Spec(recipe, model.Network, progress);

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}

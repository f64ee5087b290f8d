namespace Lowrank.Training;

/// <summary>Training a Stable Diffusion model on pictures with captions.</summary>
public sealed class PictureTraining : ITrainingJob
{
    readonly TrainingRecipe recipe;
    readonly StableDiffusion model;
    readonly PictureFolder folder;
    readonly BatchOrder batches;
    EncodedPictures? encoded;
    DiffusionTask? task;
    SamplePictures? samples;

    PictureTraining(TrainingRecipe recipe, StableDiffusion model, PictureFolder folder)
    {
        (this.recipe, this.model, this.folder) = (recipe, model, folder);
        int[] repeats = [.. folder.Pictures.Select(picture => picture.Repeats)];
        batches = new BatchOrder(repeats, recipe.Optimization.BatchSize, recipe.Computing.Seed);
        Data = new(folder.Pictures.Count, batches.PerEpoch);
        Origins = PictureOrigins.Of(recipe, model, folder);
        foreach (var note in model.Notes) Account.Leaves("base_model", note);
        PictureAccount.OfTexts(recipe, model, folder.Pictures, Account);
    }

    /// <summary>It in the list of kinds.</summary>
    public static TrainingKind Kind { get; } = new(PictureRecipe.Form, OpenJob);

    /// <inheritdoc/>
    public ModelDescription Model => model.Describe();

    /// <inheritdoc/>
    public ITrainingTask Task => task ?? throw new InvalidOperationException("the pictures are not encoded yet");

    /// <inheritdoc/>
    public TrainingData Data { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TrainingOrigin> Origins { get; }

    /// <inheritdoc/>
    public Account Account => folder.Account;

    static PictureTraining OpenJob(TrainingRecipe recipe, ITrainingListener listener, CancellationToken cancel)
    {
        var folder = PictureFolder.Read(recipe.Pictures.Pictures);
        if (recipe.Pictures.CacheFolder is { } cache) EncodingCache.CheckPlace(cache);
        folder = folder with
        {
            Pictures = PictureSizes.Check(
                folder.Pictures, recipe.Pictures, folder.Account,
                (done, total) => listener.Prepared("looking at pictures", done, total), cancel),
        };
        var model = Load(recipe);
        try
        {
            TrainableModel.Check(model, recipe);
            return new PictureTraining(recipe, model, folder);
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
        encoded = EncodedPictures.Of(model, folder.Pictures, recipe, listener, cancel);
        task = new DiffusionTask(model, recipe, encoded, batches, recipe.Computing.ToPrecision().Compute, recipe.Computing.ToDevice());
        samples = new SamplePictures(recipe, model, listener, cancel);
    }

    static StableDiffusion Load(TrainingRecipe recipe)
    {
        string config = recipe.Model.BaseModelConfig;
        var device = recipe.Computing.ToDevice();
        var options = new CheckpointOptions
        {
            Config = config.Length > 0 ? config : null,
            Prediction = DenoisingSection.Predictions.Of(recipe.Denoising.Prediction),
        };
        // Latents are made in float32: the autoencoder runs once a picture, and its rounding would stay for the whole run.
        return StableDiffusion.Load(
            recipe.Model.BaseModel, new Storage(recipe.Computing.ToPrecision().Stored, device), new Storage(Device: device), options);
    }

    /// <inheritdoc/>
    public void Begin(Adapter adapter)
    {
        bool checkpointing = recipe.Computing.GradientCheckpointing;
        model.UNet.GradientCheckpointing = checkpointing;
        if (recipe.Network.TrainTextEncoder)
        {
            model.TextEncoder.GradientCheckpointing = checkpointing;
            if (model.TextEncoder2 is { } second) second.GradientCheckpointing = checkpointing;
        }
        if (adapter.FollowsNoise) task!.Noised = adapter.FollowNoise;
    }

    /// <inheritdoc/>
    public void Show(Adapter adapter, int step) => samples!.Make(adapter, step);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata(RunProgress progress) =>
        PictureMetadata.Of(recipe, model, folder, progress, batches.PerEpoch);

    /// <inheritdoc/>
    public ModelSpec Spec(RunProgress progress) => PictureMetadata.Spec(recipe, model, progress);

    /// <inheritdoc/>
    public void Dispose()
    {
        encoded?.Dispose();
        model.Dispose();
    }
}

namespace Lowrank.Training;

/// <summary>Training a Stable Diffusion model on pictures with captions.</summary>
public sealed class PictureTraining : ITrainingJob
{
    readonly TrainingRecipe recipe;
    readonly StableDiffusion model;
    readonly PictureFolder folder;
    readonly EncodedPictures pictures;
    readonly DiffusionTask task;
    readonly SamplePictures samples;

    PictureTraining(
        TrainingRecipe recipe, StableDiffusion model, PictureFolder folder, ITrainingListener listener, CancellationToken cancel)
    {
        (this.recipe, this.model, this.folder) = (recipe, model, folder);
        Data = new(
            folder.Pictures.Count, folder.Fingerprint(),
            $"other pictures than {recipe.Pictures.Pictures} holds now (files, captions or repeats have changed)");
        pictures = EncodedPictures.Of(model, folder.Pictures, recipe, listener, cancel);
        var batches = new BatchOrder(
            [.. folder.Pictures.Select(picture => picture.Repeats)], recipe.Optimization.BatchSize, recipe.Computing.Seed);
        task = new DiffusionTask(model, recipe, pictures, batches, recipe.Computing.ToPrecision().Compute, recipe.Computing.ToDevice());
        samples = new SamplePictures(recipe, model, listener, cancel);
    }

    /// <summary>It in the list of kinds.</summary>
    public static TrainingKind Kind { get; } = new(PictureRecipe.Form, OpenJob);

    /// <inheritdoc/>
    public ModelDescription Model => model.Describe();

    /// <inheritdoc/>
    public ITrainingTask Task => task;

    /// <inheritdoc/>
    public TrainingData Data { get; }

    static PictureTraining OpenJob(TrainingRecipe recipe, ITrainingListener listener, CancellationToken cancel)
    {
        var folder = PictureFolder.Read(recipe.Pictures.Pictures);
        foreach (var warning in folder.Warnings) listener.Warned(warning);
        PictureSizes.Check(folder.Pictures, recipe.Pictures);
        var model = Load(recipe);
        try
        {
            foreach (var note in model.Notes) listener.Warned(note);
            TrainableModel.Check(model, recipe);
            return new PictureTraining(recipe, model, folder, listener, cancel);
        }
        catch
        {
            model.Dispose();
            throw;
        }
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
        if (adapter.FollowsNoise) task.Noised = adapter.FollowNoise;
    }

    /// <inheritdoc/>
    public void Show(Adapter adapter, int step) => samples.Make(adapter, step);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata(RunProgress progress) =>
        PictureMetadata.Of(recipe, model, folder, progress, task.BatchesPerEpoch);

    /// <inheritdoc/>
    public ModelSpec Spec(RunProgress progress) => PictureMetadata.Spec(recipe, model, progress);

    /// <inheritdoc/>
    public void Dispose()
    {
        pictures.Dispose();
        model.Dispose();
    }
}

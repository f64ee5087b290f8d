namespace Lowrank.Training;

/// <summary>Pictures that a run draws on the way.</summary>
/// <param name="recipe">When, and which.</param>
/// <param name="model">What draws.</param>
/// <param name="listener">Told of every file.</param>
/// <param name="cancel">Stops the drawing.</param>
sealed class SamplePictures(TrainingRecipe recipe, StableDiffusion model, ITrainingListener listener, CancellationToken cancel)
{
    readonly TrainingFiles files = new(recipe.Saving);

    /// <summary>Draws them with the adapter as it is, if they are due after this step.</summary>
    public void Make(Adapter adapter, int step)
    {
        var section = recipe.Sampling;
        if (section.SampleEvery == 0 || step % section.SampleEvery != 0) return;
        adapter.Train(false);
        adapter.FollowNoise(0);   // every rank, as readers of the file have it
        try
        {
            var pictures = RandomState.Preserve(() => Draw(section));
            for (int i = 0; i < pictures.Count; i++) Save(files.Sample(step, i), pictures[i]);
        }
        catch (OperationCanceledException)
        {
            listener.Warned($"the sample pictures of step {step} are not whole: the run was stopped");   // the loop sees it too, and saves
        }
        catch (SpoiltPictureException error)
        {
            listener.Warned($"no sample pictures of step {step}: {error.Message}");   // the loss will tell it too
        }
        finally
        {
            adapter.Train(true);
        }
    }

    // A picture on the way is worth less than the run.
    void Save(string path, Picture picture)
    {
        try
        {
            PictureFile.Save(path, picture);
        }
        catch (Exception error) when (error is LowrankException or IOException or UnauthorizedAccessException)
        {
            listener.Warned($"the sample picture {path} could not be written: {error.Message} The run goes on.");
            return;
        }
        listener.Saved(path);
    }

    IReadOnlyList<Picture> Draw(SamplingSection section)
    {
        var options = new GenerateOptions
        {
            Prompts = section.SamplePrompts,
            Width = recipe.Pictures.Width,
            Height = recipe.Pictures.Height,
            Steps = section.SampleSteps,
            GuidanceScale = section.SampleGuidance,
            Seeds = [recipe.Computing.Seed],
            ClipSkip = recipe.Pictures.ClipSkip,
            MaxTokens = SamplingSection.MaxTokens(recipe),
        };
        return new TextToImage(model, recipe.Computing.ToPrecision(), recipe.Computing.ToDevice()).Generate(options, cancel: cancel);
    }
}

namespace Lowrank.Training;

/// <summary>Saves what a run has learnt: the adapter, and beside it the state from which a run goes on.</summary>
/// <param name="recipe">What is saved as what, and how often.</param>
/// <param name="job">What the files tell.</param>
/// <param name="adapter">The adapter.</param>
/// <param name="state">The state.</param>
/// <param name="started">When the run began.</param>
/// <param name="listener">Told of every file.</param>
sealed class RunSaving(
    TrainingRecipe recipe, ITrainingJob job, Adapter adapter, TrainingState state, DateTimeOffset started, ITrainingListener listener)
{
    readonly TrainingFiles files = new(recipe.Saving);
    string? written;

    /// <summary>The file that holds what was learnt last; null before anything was saved.</summary>
    public string? Last { get; private set; }

    /// <summary>Takes up a stopped run: gives the steps done.</summary>
    public int Resume()
    {
        Last = files.State;
        return state.Load(files.State);
    }

    /// <summary>Saves a checkpoint, if one is due after this step.</summary>
    public void Checkpoint(int step, int totalSteps)
    {
        int every = recipe.Saving.SaveEvery;
        if (every > 0 && step % every == 0 && step < totalSteps) Save(files.Checkpoint(step), step, totalSteps);
    }

    /// <summary>Saves what there is at the end, or where the run was stopped; gives the adapter's path.</summary>
    public string End(int step, int totalSteps)
    {
        var path = step >= totalSteps ? files.Adapter : files.Checkpoint(step);
        Once(path, step, totalSteps);
        return written ?? path;
    }

    /// <summary>Saves what was learnt before a step that failed, unless it is saved or spoilt too.</summary>
    public void Rescue(int step, int totalSteps)
    {
        try
        {
            Once(files.Checkpoint(step), step, totalSteps);
        }
        catch (SpoiltAdapterException spoilt)
        {
            listener.Warned(spoilt.Message);   // the last good checkpoint is an earlier one
        }
    }

    void Once(string path, int step, int totalSteps)
    {
        if (path != Last) Save(path, step, totalSteps);
    }

    void Save(string path, int step, int totalSteps)
    {
        var progress = new RunProgress(step, totalSteps, started);
        var dtype = SavingSection.Dtypes.Of(recipe.Saving.SaveDtype);
        written = AdapterSaving.Save(path, adapter, job.Model, dtype, job.Metadata(progress), job.Spec(progress));
        state.Save(files.State, step);
        Last = path;
        listener.Saved(written);
    }
}

using System.Diagnostics;

namespace Lowrank.Training;

/// <summary>Saves what a run has learnt: the adapter, and beside it the state from which a run goes on.</summary>
/// <remarks>
/// A checkpoint counts as sound once the step after it gave a loss that is a number. Until then its state lies beside the one of the last
/// sound checkpoint and not in its place.
/// </remarks>
/// <param name="recipe">What is saved as what, and how often.</param>
/// <param name="job">What the files tell.</param>
/// <param name="adapter">The adapter.</param>
/// <param name="state">The state.</param>
/// <param name="learning">Steps and losses, and what is learnt where that is not what trains.</param>
/// <param name="started">When the run began.</param>
/// <param name="listener">Told of every file.</param>
sealed class RunSaving(
    TrainingRecipe recipe, ITrainingJob job, Adapter adapter, TrainingState state, Learning learning, DateTimeOffset started,
    ITrainingListener listener) : IDisposable
{
    readonly TrainingLoop loop = learning.Loop;
    readonly TrainingFiles files = new(recipe.Saving);
    readonly SoundCopy copy = new(adapter);
    long lastSaved = Stopwatch.GetTimestamp();
    Checkpoint? unproved;
    string? passing;
    int stateStep = -1;

    sealed record Checkpoint(string Path, int Step, bool Passes = false);

    /// <summary>The file that holds what was learnt up to the last step that is known to be sound; null before there is one.</summary>
    public string? Sound { get; private set; }

    /// <summary>Steps in <see cref="Sound"/>.</summary>
    public int SoundStep { get; private set; }

    /// <summary>Whether a run can go on from <see cref="Sound"/>: its state is on the disk too.</summary>
    public bool HasState { get; private set; }

    /// <summary>The step from which a run with resume goes on where <see cref="Sound"/> has no state; null where there is none.</summary>
    public int? EarlierState { get; private set; }

    /// <summary>Whether what was learnt up to the present step is on the disk.</summary>
    public bool IsSaved => (unproved?.Step ?? SoundStep) == loop.Step && (unproved is not null || Sound is not null);

    /// <summary>Takes up a stopped run.</summary>
    public void Resume(string path)
    {
        loop.Step = state.Load(path, loop);
        string checkpoint = files.Checkpoint(loop.Step);
        (Sound, SoundStep, HasState) = (File.Exists(checkpoint) ? checkpoint : path, loop.Step, true);
        if (path == files.UnprovedState) unproved = new(path, loop.Step);
    }

    /// <summary>A step after the newest checkpoint was sound, and so the checkpoint is.</summary>
    public void Confirm()
    {
        copy.Confirm();
        if (unproved is not { } proved) return;
        unproved = null;
        (Sound, SoundStep, HasState) = (proved.Path, proved.Step, PlaceState() || stateStep == proved.Step && File.Exists(files.State));
        Passed(proved.Passes ? proved.Path : null);
    }

    /// <summary>
    /// Saves a checkpoint, if one is due after this step by number or by time. What cannot be written is told, and the run goes on.
    /// </summary>
    public void SaveIfDue()
    {
        copy.TakeIfDue(loop.Step);
        int every = recipe.Saving.SaveEvery;
        bool byNumber = every > 0 && loop.Step % every == 0;
        double minutes = recipe.Saving.SaveEveryMinutes;
        bool byTime = minutes > 0 && Stopwatch.GetElapsedTime(lastSaved).TotalMinutes >= minutes;
        if (loop.IsFinished || !byNumber && !byTime) return;
        lastSaved = Stopwatch.GetTimestamp();
        try
        {
            unproved = new(Write(files.Checkpoint(loop.Step)), loop.Step, Passes: !byNumber);
        }
        catch (Exception error) when (IsOfThePlace(error))
        {
            listener.Warned($"the checkpoint of step {loop.Step} could not be saved: {error.Message} The run goes on.");
            return;
        }
        SaveStateOrTell();
    }

    // Of checkpoints by time the newest that is known to be sound stays.
    void Passed(string? path)
    {
        if (passing is { } old && old != path) Remove(old);
        passing = path;
    }

    void Remove(string old)
    {
        try
        {
            if (Directory.Exists(old)) Directory.Delete(old, recursive: true);
            else File.Delete(old);
        }
        catch (Exception error) when (IsOfThePlace(error))
        {
            listener.Warned($"the checkpoint {old}, which a newer one replaces, could not be removed: {error.Message}");
        }
    }

    /// <summary>Saves what there is at the end, or where the run was stopped; gives the adapter's path.</summary>
    /// <exception cref="LowrankException">The place cannot be written to any more; what was learnt lies elsewhere then.</exception>
    public string End()
    {
        string written = Keep();
        Passed(written == passing ? written : null);
        return written;
    }

    string Keep()
    {
        string path = loop.IsFinished ? files.Adapter : files.Checkpoint(loop.Step);
        string written = unproved is { } newest && newest.Step == loop.Step && !loop.IsFinished ? newest.Path : SaveSomewhere(path);
        PlaceState();
        return written;
    }

    // The state of what is known to be sound takes the place of the one before it. False where there is none, or the place is not free.
    bool PlaceState()
    {
        if (!File.Exists(files.UnprovedState)) return false;
        try
        {
            File.Move(files.UnprovedState, files.State, overwrite: true);
            return true;
        }
        catch (Exception error) when (IsOfThePlace(error))
        {
            listener.Warned($"the state {files.UnprovedState} could not be put in the place of {files.State}: {error.Message}");
            return false;
        }
    }

    string SaveSomewhere(string path)
    {
        string saved;
        try
        {
            saved = Write(path);
            WriteAverage(path);
        }
        catch (Exception error) when (IsOfThePlace(error))
        {
            if (SavedElsewhere(path) is not { } written) throw;
            throw new LowrankException($"{error.Message} What was learnt in {loop.Step} steps is saved in {written} instead.", error);
        }
        SaveStateOrTell();
        return saved;
    }

    // The adapter is what was learnt; without the state the run only cannot go on.
    void SaveStateOrTell()
    {
        try
        {
            state.Save(files.UnprovedState, loop);
            stateStep = loop.Step;
        }
        catch (Exception error) when (IsOfThePlace(error))
        {
            listener.Warned($"the state after step {loop.Step} could not be saved, and no run can go on from there: {error.Message}");
        }
    }

    // Among the system's temporary files; null where these have no room either.
    string? SavedElsewhere(string path)
    {
        try
        {
            return Write(Path.Combine(Directory.CreateTempSubdirectory("lowrank-").FullName, Path.GetFileName(path)));
        }
        catch (Exception error) when (IsOfThePlace(error))
        {
            return null;
        }
    }

    /// <summary>
    /// Saves what was learnt before something failed, unless it is saved or spoilt too. What cannot be saved is told, and hides no error
    /// that came before.
    /// </summary>
    public void Rescue()
    {
        if (IsSaved) return;
        try
        {
            unproved = new(Keep(), loop.Step);
        }
        catch (Exception error) when (error is LowrankException || IsOfThePlace(error))
        {
            listener.Warned(error.Message);
        }
    }

    /// <summary>What was saved last turned out not to be sound: its state goes, and the sound one before it stays.</summary>
    /// <returns>The checkpoint that is not sound; null where that was not saved.</returns>
    public string? Forget()
    {
        string? spoilt = unproved?.Path;
        unproved = null;
        try
        {
            File.Delete(files.UnprovedState);
        }
        catch (Exception error) when (IsOfThePlace(error))
        {
            listener.Warned($"the state {files.UnprovedState}, which is not sound, could not be removed: {error.Message}");
        }
        return spoilt;
    }

    /// <summary>
    /// Saves the sound weights that are kept in memory, where they are newer than what is on the disk. What cannot be saved is told.
    /// </summary>
    public void SaveCopy()
    {
        if (copy.Step <= (Sound is null ? 0 : SoundStep)) return;
        copy.Restore();
        try
        {
            string path = Write(files.Checkpoint(copy.Step), copy.Step);
            EarlierState = HasState ? SoundStep : null;
            (Sound, SoundStep, HasState) = (path, copy.Step, false);
        }
        catch (Exception error) when (error is LowrankException || IsOfThePlace(error))
        {
            listener.Warned($"the weights of step {copy.Step}, the last whose loss is a number, could not be saved: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => copy.Dispose();

    // What was learnt may be another thing than what trains.
    string Write(string path)
    {
        learning.Optimizer.Train(false);
        try
        {
            return Write(path, loop.Step);
        }
        finally
        {
            learning.Optimizer.Train(true);
        }
    }

    // The moving average, where the recipe keeps one, beside what it averages.
    void WriteAverage(string path)
    {
        foreach (var average in learning.Rules.OfType<MovingAverage>())
            average.Within(() => Write($"{Path.ChangeExtension(path, null)}-ema{Path.GetExtension(path)}", loop.Step));
    }

    string Write(string path, int step)
    {
        var progress = new RunProgress(step, loop.TotalSteps, started);
        var dtype = SavingSection.Dtypes.Of(recipe.Saving.SaveDtype);
        string written = AdapterSaving.Save(
            path, adapter, job.Model, dtype, job.Metadata(progress), job.Spec(progress), job.Dialects);
        job.Saved(written);
        listener.Saved(written);
        return written;
    }

    // And not of what is to be written.
    static bool IsOfThePlace(Exception error) =>
        error is IOException or UnauthorizedAccessException or LowrankException and not SpoiltAdapterException;
}

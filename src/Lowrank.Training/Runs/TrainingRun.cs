namespace Lowrank.Training;

/// <summary>A run of a recipe, from the data to the adapter file: open, adapt, loop, save.</summary>
public sealed class TrainingRun
{
    readonly TrainingRecipe recipe;
    readonly Listeners listeners;
    readonly CancellationToken cancel;
    readonly TrainingFiles files;
    readonly DateTimeOffset started = DateTimeOffset.UtcNow;

    TrainingRun(TrainingRecipe recipe, IReadOnlyList<ITrainingListener> listeners, CancellationToken cancel)
    {
        this.recipe = recipe;
        this.listeners = new(listeners);
        this.cancel = cancel;
        files = new(recipe.Saving);
    }

    /// <summary>Trains as the recipe says.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="listeners">Who is told.</param>
    /// <param name="cancel">Stops the run after the step in progress; what is trained is saved, and <c>resume</c> goes on from
    /// there.</param>
    /// <returns>Where the adapter is, and whether the run came to its end.</returns>
    /// <exception cref="LowrankException">A fault in recipe, model or data, files in the way, or a loss that is no number any
    /// more.</exception>
    /// <exception cref="OperationCanceledException">Stopped before the first step; nothing was written.</exception>
    public static TrainingResult Run(
        TrainingRecipe recipe, IReadOnlyList<ITrainingListener> listeners, CancellationToken cancel = default)
    {
        var run = new TrainingRun(recipe.Checked(), listeners, cancel);
        return RandomState.Preserve(run.Run);   // dropouts draw from the process's own generator
    }

    TrainingResult Run()
    {
        files.Check();
        foreach (var idle in recipe.Optimization.Idle()) listeners.Warned(idle);
        if (recipe.Computing.Threads > 0) set_num_threads(recipe.Computing.Threads);
        using var scope = NewDisposeScope();
        using var job = TrainingKinds.Named(recipe.Form.Task).OpenJob(recipe, listeners, cancel);
        var plan = recipe.Network.ToPlan().For(job.Model, listeners.Warned);
        using var adapter = AdapterStart.Make(job, plan, recipe, listeners, cancel);
        job.Begin(adapter);
        AdapterSaving.DialectOf(adapter, job.Model);   // what cannot be saved is told before it is trained
        using var attachment = job.Model.Attach(adapter);
        using var learning = Learning.Of(recipe, job, adapter, plan);
        var state = new TrainingState(recipe, job.Data, adapter, learning.Optimizer, learning.Rules);
        var saving = new RunSaving(recipe, job, adapter, state, started, listeners);
        if (recipe.Saving.Resume) learning.Loop.Step = saving.Resume();
        cancel.ThrowIfCancellationRequested();
        return Loop(job, adapter, attachment, learning.Loop, saving);
    }

    TrainingResult Loop(ITrainingJob job, Adapter adapter, Attachment attachment, TrainingLoop loop, RunSaving saving)
    {
        int first = loop.Step;
        using var logs = RunLogs.Open(recipe, files, first);
        var all = new Listeners(listeners, logs);
        all.Started(new(
            first, loop.TotalSteps, job.Data.Count, adapter.Targets.Count, adapter.Trainable.Sum(p => p.numel()),
            recipe.Computing.ToPrecision().Compute));
        adapter.Train(true);
        // What has begun takes a step at least, so that there is something to save.
        while (!loop.IsFinished && (loop.Step == first || !cancel.IsCancellationRequested))
        {
            var step = Divergence.StepOrRescue(loop, saving, first);
            if (loop.Step == first + 1) attachment.AssertUsed();
            all.Stepped(step);
            saving.Checkpoint(loop.Step, loop.TotalSteps);
            job.Show(adapter, loop.Step);
        }
        return new TrainingResult(saving.End(loop.Step, loop.TotalSteps), loop.Step, loop.TotalSteps, files);
    }
}

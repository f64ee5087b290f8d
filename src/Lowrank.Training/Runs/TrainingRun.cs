namespace Lowrank.Training;

/// <summary>A run of a recipe, from the data to the adapter file: open, account, prepare, adapt, loop, save.</summary>
public sealed class TrainingRun
{
    readonly Account account = new();
    readonly TrainingRecipe recipe;
    readonly Listeners listeners;
    readonly CancellationToken cancel;
    readonly TrainingFiles files;
    readonly DateTimeOffset started = DateTimeOffset.UtcNow;

    TrainingRun(TrainingRecipe recipe, IReadOnlyList<ITrainingListener> listeners, CancellationToken cancel)
    {
        this.recipe = FirstDropouts.Filled(recipe, account);
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
    /// <exception cref="LowrankException">A fault in recipe, model or data, something given that is not used where the recipe is strict,
    /// files in the way, another run of that name, or a loss that is no number any more.</exception>
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
        using var hold = RunLock.Take(recipe.Saving);
        files.Check();   // of a run that ended in between
        if (recipe.Computing.Threads > 0) set_num_threads(recipe.Computing.Threads);
        using var scope = NewDisposeScope();
        using var job = TrainingKinds.Named(recipe.Form.Task).OpenJob(recipe, listeners, cancel);
        var plan = recipe.Network.ToPlan().For(job.Model, note => account.Leaves("layers", note));
        var whole = job.Whole;
        if (whole.Count > 0) plan = [.. plan.ExceptBy(whole.Select(one => one.Target), one => one.Target), .. whole];
        BlockAccount.Add(recipe.Network, job.Model, account);
        using var begun = FirstAdapter.Of(recipe, job.Model, whole, account);
        if (begun is not null) plan = begun.Fit(plan, recipe.Network.InitRanks, account);
        foreach (string moved in AdapterFactory.MovedSizes(plan)) account.Takes("block_size", moved);
        var earlier = recipe.Saving.Resume ? EarlierRun.Find(recipe, job.Origins) : null;
        RunAccount.Of(recipe, job, earlier, account);
        RunAccount.AddDecay(recipe.Optimization, plan, account);
        RunAccount.AddOverwritten(recipe.Saving, files, account);
        listeners.Accounted(account);
        if (recipe.Account.Strict) account.Insist();
        job.Prepare(listeners, cancel);
        using var adapter = AdapterStart.Make(job, plan, recipe, listeners, cancel);
        begun?.CopyInto(adapter);
        job.Begin(adapter);
        // What cannot be saved, and what other programs make another change of, is told before it is trained.
        var dialect = AdapterSaving.DialectOf(adapter, job.Model, job.Dialects);
        foreach (string warning in ReaderFacts.Warnings(AdapterKinds.Of(adapter), dialect.Name)) listeners.Warned(warning);
        using var attachment = job.Model.Attach(adapter);
        using var learning = Learning.Of(recipe, job, adapter, plan);
        var state = new TrainingState(recipe, job.Origins, adapter, learning.Optimizer, learning.Rules);
        using var saving = new RunSaving(recipe, job, adapter, state, learning, started, listeners);
        cancel.ThrowIfCancellationRequested();
        if (earlier is not null) saving.Resume(earlier.Path);
        var old = recipe.Saving.Resume ? [] : files.Finished();
        if (earlier is null && recipe.Saving.Overwrite) files.ClearSteps();
        string? end = null;
        try
        {
            using var logs = RunLogs.Open(recipe, account, files, learning.Loop.Step, listeners);
            Divergence.Guard(() => Loop(job, adapter, attachment, learning, saving, logs), learning.Loop, saving);
            end = saving.End();
        }
        finally
        {
            TellOfOthers([.. old.Where(path => path != end)]);
        }
        return new TrainingResult(end, learning.Loop.Step, learning.Loop.TotalSteps, files);
    }

    // An adapter that this run was to replace and did not.
    void TellOfOthers(IReadOnlyList<string> left)
    {
        if (left.Count > 0)
            listeners.Warned($"{Listing.Of(left)} is still the earlier run's, and not made as {files.Recipe} says");
    }

    void Loop(
        ITrainingJob job, Adapter adapter, Attachment attachment, Learning learning, RunSaving saving, RunLogs logs)
    {
        var loop = learning.Loop;
        int first = loop.Step;
        var all = new Listeners(listeners, logs);
        all.Started(new(
            first, loop.TotalSteps, job.Data.Count, adapter.Targets.Count, adapter.Trainable.Sum(p => p.numel()),
            recipe.Computing.ToPrecision().Compute));
        adapter.Train(job.Drops);
        // What has begun takes a step at least, so that there is something to save.
        while (!loop.IsFinished && (loop.Step == first || !cancel.IsCancellationRequested))
        {
            var step = loop.Next();
            saving.Confirm();
            if (loop.Step == first + 1) attachment.AssertUsed();
            all.Stepped(step);
            saving.SaveIfDue();
            learning.Optimizer.Train(false);
            job.Show(adapter, loop.Step);
            learning.Optimizer.Train(true);
        }
        if (loop.Step > first && !loop.IsSound()) throw new DivergedException($"the loss after step {loop.Step} is no number");
    }
}

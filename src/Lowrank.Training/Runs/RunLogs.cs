namespace Lowrank.Training;

/// <summary>What a run writes beside the adapter: its recipe, its account, a line of metrics for each step, TensorBoard events.</summary>
sealed class RunLogs : ITrainingListener, IDisposable
{
    readonly MetricsFile metrics;
    readonly TensorBoardLog? board;
    readonly ITrainingListener listener;
    bool failed;

    RunLogs(MetricsFile metrics, TensorBoardLog? board, ITrainingListener listener) =>
        (this.metrics, this.board, this.listener) = (metrics, board, listener);

    /// <summary>Begins them.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="account">What is taken and what is not.</param>
    /// <param name="files">Where they are.</param>
    /// <param name="first">Steps done by the run that goes on.</param>
    /// <param name="listener">Told when they cannot be written any more.</param>
    public static RunLogs Open(TrainingRecipe recipe, Account account, TrainingFiles files, int first, ITrainingListener listener)
    {
        Directory.CreateDirectory(recipe.Saving.Output);
        AtomicFile.WriteText(files.Recipe, RecipeFile.Format(recipe));
        AtomicFile.WriteText(files.Account, AccountFile.Text(account));
        // The board first: it may fail, and has nothing to dispose.
        var board = recipe.Saving.Tensorboard ? new TensorBoardLog(files.Logs, keepsEarlier: recipe.Saving.Resume) : null;
        return new(new MetricsFile(files.Metrics, first), board, listener);
    }

    /// <inheritdoc/>
    public void Stepped(TrainingStep step)
    {
        Try(() => metrics.Stepped(step), step.Step);
        if (board is not null) Try(() => board.Stepped(step), step.Step);
    }

    // What was learnt is worth more than a line about it.
    void Try(Action write, int step)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!failed) listener.Warned($"the log of step {step} could not be written: {error.Message} The run goes on without it.");
            failed = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => metrics.Dispose();
}

namespace Lowrank.Training;

/// <summary>What a run writes beside the adapter: its recipe, a line of metrics for each step, TensorBoard events.</summary>
sealed class RunLogs : ITrainingListener, IDisposable
{
    readonly MetricsFile metrics;
    readonly TensorBoardLog? board;

    RunLogs(MetricsFile metrics, TensorBoardLog? board) => (this.metrics, this.board) = (metrics, board);

    /// <summary>Begins them.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="files">Where they are.</param>
    /// <param name="first">Steps done by the run that goes on.</param>
    public static RunLogs Open(TrainingRecipe recipe, TrainingFiles files, int first)
    {
        Directory.CreateDirectory(recipe.Saving.Output);
        AtomicFile.WriteText(files.Recipe, RecipeFile.Format(recipe));
        // The board first: it may fail, and has nothing to dispose.
        var board = recipe.Saving.Tensorboard ? new TensorBoardLog(files.Logs, keepsEarlier: recipe.Saving.Resume) : null;
        return new(new MetricsFile(files.Metrics, first), board);
    }

    /// <inheritdoc/>
    public void Stepped(TrainingStep step)
    {
        metrics.Stepped(step);
        board?.Stepped(step);
    }

    /// <inheritdoc/>
    public void Dispose() => metrics.Dispose();
}

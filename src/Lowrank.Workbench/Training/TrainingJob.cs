namespace Lowrank.Workbench;

/// <summary>Trains an adapter as a recipe says. Stopped, it saves what was learnt, and its report says so.</summary>
public sealed class TrainingJob : Job<TrainingRequest, TrainingReport>
{
    /// <inheritdoc/>
    protected override TrainingReport Work(TrainingRequest request, JobRun run)
    {
        var record = new TrainingRecord();
        return record.Report(TrainingRun.Run(request.Recipe, [record, new TrainingStages(run)], run.Cancel));
    }
}

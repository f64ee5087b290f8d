namespace Lowrank.Workbench;

/// <summary>A part of a job with a beginning and an end, told of as it goes.</summary>
public sealed class JobStage
{
    readonly JobRun run;
    readonly string name;
    readonly double? total;
    double counted;

    internal JobStage(JobRun run, string name, double? total)
    {
        (this.run, this.name, this.total) = (run, name, total);
        Report(0);
    }

    /// <summary>Tells how far it is.</summary>
    /// <param name="done">What is done of the total.</param>
    /// <param name="text">A few words on where it stands.</param>
    public void Report(double done, string text = "") => run.Tell(new JobProgress(name, done, total, text));

    /// <summary>Tells how far it is where its work is counted in another unit than its total, such as bytes.</summary>
    /// <param name="done">What is done of <paramref name="all"/>.</param>
    /// <param name="all">All that there is to do.</param>
    public void ReportShare(long done, long all) => Report((total ?? 1) * done / Math.Max(all, 1));

    /// <summary>Counts one more thing as done, unless the job is to stop.</summary>
    /// <param name="text">What it was.</param>
    /// <exception cref="OperationCanceledException">The job is to stop.</exception>
    public void Count(string text = "")
    {
        run.Cancel.ThrowIfCancellationRequested();
        Report(++counted, text);
    }

    /// <summary>Tells that it is over.</summary>
    public void Done() => run.Tell(new JobProgress(name, total ?? 1, total, IsDone: true));
}

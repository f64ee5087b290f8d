using System.Diagnostics;

namespace Lowrank.Workbench;

/// <summary>Remembers what a run did, for its report.</summary>
sealed class TrainingRecord : ITrainingListener
{
    readonly long begun = Stopwatch.GetTimestamp();
    readonly List<double> losses = [];
    readonly List<string> written = [];
    Account account = new();
    TrainingStarted? start;
    TrainingStep? last;

    public void Accounted(Account told) => account = told;

    public void Started(TrainingStarted started) => start = started;

    public void Stepped(TrainingStep step)
    {
        losses.Add(step.Loss);
        last = step;
    }

    public void Saved(string path)
    {
        if (!written.Contains(path)) written.Add(path);
    }

    /// <summary>The report of a run that ended so; a checkpoint by time that a newer one replaced is no longer there.</summary>
    public TrainingReport Report(TrainingResult result) =>
        new(result, account.Lines, start, last, losses, [.. written.Where(Path.Exists)], Stopwatch.GetElapsedTime(begun));
}

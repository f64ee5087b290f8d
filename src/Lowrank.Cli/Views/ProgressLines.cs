using System.Globalization;

namespace Lowrank.Cli;

/// <summary>Tells progress in lines for a log: the first step, one every half minute, and the end of what took longer than that.</summary>
/// <param name="clock">The time.</param>
sealed class ProgressLines(TimeProvider clock)
{
    static readonly TimeSpan pause = TimeSpan.FromSeconds(30);

    readonly Dictionary<string, Stage> stages = [];

    sealed class Stage(long begun, double doneAtFirst)
    {
        public long Begun => begun;
        public double DoneAtFirst => doneAtFirst;
        public long? Told { get; set; }
    }

    /// <summary>The line to write; null where there is nothing to say yet.</summary>
    public string? Of(JobProgress progress)
    {
        long now = clock.GetTimestamp();
        if (!stages.TryGetValue(progress.Stage, out var stage)) stages[progress.Stage] = stage = new(now, progress.Done);
        bool isFirstStep = progress is TrainingStepProgress && stage.Told is null;
        bool isDue = clock.GetElapsedTime(stage.Told ?? stage.Begun, now) >= pause;
        bool isEnd = progress.IsDone && (stage.Told is not null || isDue);
        if (!isFirstStep && !isDue && !isEnd) return null;
        stage.Told = now;
        string share = progress.Share is { } part ? part.ToString("0 %", CultureInfo.InvariantCulture) : "at work";
        string what = progress.Text.Length > 0 ? progress.Text : share;
        return $"{progress.Stage}: {what}{Left(progress, stage, now)}";
    }

    string Left(JobProgress progress, Stage stage, long now)
    {
        double done = progress.Done - stage.DoneAtFirst;
        if (progress.IsDone || progress.Total is not { } total || done <= 0) return "";
        var taken = clock.GetElapsedTime(stage.Begun, now);
        return $", {Quantity.Duration(taken * ((total - progress.Done) / done))} left";
    }
}

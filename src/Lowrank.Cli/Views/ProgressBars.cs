using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Bars and notes on stderr while a job runs; where nobody watches (stderr piped), notes alone.</summary>
sealed class ProgressBars : IProgress<JobEvent>
{
    readonly ProgressContext? context;
    readonly Dictionary<string, ProgressTask> bars = [];

    ProgressBars(ProgressContext? context) => this.context = context;

    /// <summary>Runs a job under bars that come as its stages do.</summary>
    public static TReport Show<TRequest, TReport>(Job<TRequest, TReport> job, TRequest request, CancellationToken cancel = default)
        where TRequest : IJobRequest
    {
        if (!Terminal.ShowsProgress) return job.Run(request, new ProgressBars(null), cancel);
        return Terminal.Messages.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = 30 },
                new PercentageColumn(),
                new RemainingTimeColumn())
            .Start(context => job.Run(request, new ProgressBars(context), cancel));
    }

    /// <inheritdoc/>
    public void Report(JobEvent value)
    {
        if (value is JobNote note) Say(note.Text);
        else if (value is JobProgress progress && context is not null) Move(progress, context);
    }

    // Above the bars.
    void Say(string message)
    {
        if (context is null) Console.Error.WriteLine(ShownText.Of(message));
        else Terminal.Messages.WriteLine(ShownText.Of(message));
    }

    void Move(JobProgress progress, ProgressContext context)
    {
        if (!bars.TryGetValue(progress.Stage, out var bar))
            bars[progress.Stage] = bar = context.AddTask(Markup.Escape(progress.Stage), maxValue: progress.Total ?? 1);
        bool isEndless = progress is { Total: null, IsDone: false };   // such a bar moves to and fro
        bar.IsIndeterminate = isEndless;
        bar.Value = progress.IsDone ? bar.MaxValue : progress.Done;
        string description = progress.Text.Length > 0 ? $"{progress.Stage}  {progress.Text}" : progress.Stage;
        bar.Description = Markup.Escape(ShownText.Of(description));
        if (progress.IsDone) bar.StopTask();
    }
}

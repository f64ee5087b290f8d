using Lowrank.Training;
using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Bars, notes and accounts on stderr while a job runs; where nobody watches (stderr piped), lines in place of bars.</summary>
sealed class ProgressBars : IProgress<JobEvent>
{
    readonly ProgressContext? context;
    readonly Dictionary<string, ProgressTask> bars = [];
    readonly ProgressLines lines = new(TimeProvider.System);

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
        switch (value)
        {
            case JobNote note: Say(note.Text); break;
            case JobAccount told: Tell(told.Account); break;
            case JobProgress progress when context is not null: Move(progress, context); break;
            case JobProgress progress when lines.Of(progress) is { } line: Say(line); break;
        }
    }

    void Tell(Account account)
    {
        foreach (var line in account.Lines) Say(line.NotUsed ? $"not used as given: {line.Text}" : line.Text);
    }

    // Above the bars.
    void Say(string message)
    {
        message = FieldNames.AsOptions(message);
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

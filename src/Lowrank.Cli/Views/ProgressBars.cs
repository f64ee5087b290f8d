using Spectre.Console;

namespace Lowrank.Cli;

/// <summary>Bars on stderr while work runs. Where nobody watches (stderr piped) they are not drawn.</summary>
sealed class ProgressBars
{
    readonly ProgressContext? context;

    ProgressBars(ProgressContext? context) => this.context = context;

    /// <summary>Runs <paramref name="work"/> under bars that it adds as it goes.</summary>
    public static T Show<T>(Func<ProgressBars, T> work)
    {
        if (!Terminal.ShowsProgress) return work(new ProgressBars(null));
        return Terminal.Messages.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new ProgressBars(context)));
    }

    /// <summary>Adds a bar; one of unknown length moves until <see cref="Bar.Done"/>.</summary>
    public Bar Add(string what, int? total = null) =>
        new(context?.AddTask(Markup.Escape(what), maxValue: total ?? 1), what, isEndless: total is null);

    /// <summary>Writes a line to stderr, above the bars.</summary>
    public void Say(string message)
    {
        if (context is null) Console.Error.WriteLine(message);
        else Terminal.Messages.WriteLine(message);
    }

    /// <summary>One bar.</summary>
    public sealed class Bar
    {
        readonly ProgressTask? task;
        readonly string what;

        internal Bar(ProgressTask? task, string what, bool isEndless)
        {
            (this.task, this.what) = (task, what);
            if (task is not null) task.IsIndeterminate = isEndless;
        }

        /// <summary>Moves the bar to <paramref name="done"/> of its total, and writes a note beside its name.</summary>
        public void Report(double done, string note = "")
        {
            if (task is null) return;
            task.Value = done;
            task.Description = Markup.Escape(note.Length > 0 ? $"{what}  {note}" : what);
        }

        /// <summary>Fills the bar.</summary>
        public void Done()
        {
            if (task is null) return;
            task.IsIndeterminate = false;
            task.Value = task.MaxValue;
            task.StopTask();
        }
    }
}

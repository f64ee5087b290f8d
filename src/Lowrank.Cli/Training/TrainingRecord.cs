using System.Diagnostics;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>Remembers what a run did: for its closing words and for the demo's page.</summary>
sealed class TrainingRecord : ITrainingListener
{
    readonly long begun = Stopwatch.GetTimestamp();
    readonly List<double> losses = [];
    readonly List<string> files = [];

    /// <summary>Loss of every step.</summary>
    public IReadOnlyList<double> Losses => losses;

    /// <summary>Files written, in order, each once.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>What was known when the steps began.</summary>
    public TrainingStarted? Start { get; private set; }

    /// <summary>The last step.</summary>
    public TrainingStep? Last { get; private set; }

    /// <summary>Time since the record was opened.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(begun);

    public void Started(TrainingStarted started) => Start = started;

    public void Stepped(TrainingStep step)
    {
        losses.Add(step.Loss);
        Last = step;
    }

    public void Saved(string path)
    {
        if (!files.Contains(path)) files.Add(path);
    }
}

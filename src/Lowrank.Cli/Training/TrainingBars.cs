using System.Globalization;
using Lowrank.Training;

namespace Lowrank.Cli;

/// <summary>Shows a training run as bars: each part of the preparation, then the steps with loss and time.</summary>
sealed class TrainingBars(ProgressBars bars) : ITrainingListener
{
    readonly Dictionary<string, ProgressBars.Bar> preparations = [];
    ProgressBars.Bar? steps;

    public void Prepared(string what, int done, int total)
    {
        if (!preparations.TryGetValue(what, out var bar)) preparations[what] = bar = bars.Add(what, total);
        bar.Report(done);
        if (done == total) bar.Done();
    }

    public void Warned(string message) => bars.Say(message);

    public void Started(TrainingStarted started)
    {
        steps = bars.Add("training", started.TotalSteps);
        steps.Report(started.FirstStep);
    }

    public void Stepped(TrainingStep step)
    {
        steps?.Report(step.Step, string.Create(CultureInfo.InvariantCulture, $"step {step.Step} of {step.TotalSteps}, loss {step.AverageLoss:0.0000}, {step.Seconds:0.00} s a step"));
        if (step.Step == step.TotalSteps) steps?.Done();
    }
}

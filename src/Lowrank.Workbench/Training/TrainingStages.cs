using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>Tells a training run as stages of a job: each part of the preparation, then the steps with loss and time.</summary>
/// <param name="run">The job at work.</param>
sealed class TrainingStages(JobRun run) : ITrainingListener
{
    readonly Dictionary<string, JobStage> preparations = [];

    public void Prepared(string what, int done, int total)
    {
        if (!preparations.TryGetValue(what, out var stage)) preparations[what] = stage = run.Begin(what, total);
        stage.Report(done);
        if (done == total) stage.Done();
    }

    public void Accounted(Account account) => run.Tell(new JobAccount(account));

    public void Warned(string message) => run.Say(message);

    public void Started(TrainingStarted started) =>
        run.Tell(new JobProgress(TrainingStepProgress.Stage, started.FirstStep, started.TotalSteps));

    public void Stepped(TrainingStep step)
    {
        run.Tell(new TrainingStepProgress(step));
        string[] looked = [.. step.Measures.Where(IsOfHeldBack).Select(Told)];
        if (looked.Length > 0) run.Say($"step {step.Step}: {string.Join(", ", looked)}");
    }

    static string Told(KeyValuePair<string, double> measure) =>
        string.Create(CultureInfo.InvariantCulture, $"{measure.Key} {measure.Value:0.0000}");

    // Under the names that transformers has for them.
    static bool IsOfHeldBack(KeyValuePair<string, double> measure) => measure.Key.StartsWith("eval_", StringComparison.Ordinal);
}

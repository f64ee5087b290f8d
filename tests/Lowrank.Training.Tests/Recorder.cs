namespace Lowrank.Training.Tests;

/// <summary>Keeps what a run tells, and can act on a step.</summary>
sealed class Recorder(Action<TrainingStep>? onStep = null, Action? onPrepared = null) : ITrainingListener
{
    public List<TrainingStep> Steps { get; } = [];
    public List<string> Warnings { get; } = [];
    public List<string> Files { get; } = [];
    public TrainingStarted? Beginning { get; private set; }

    public IReadOnlyList<AccountLine> Account { get; private set; } = [];

    public void Accounted(Account account) => Account = account.Lines;
    public void Prepared(string what, int done, int total) => onPrepared?.Invoke();
    public void Warned(string message) => Warnings.Add(message);
    public void Started(TrainingStarted started) => Beginning = started;
    public void Saved(string path) => Files.Add(path);

    public void Stepped(TrainingStep step)
    {
        Steps.Add(step);
        onStep?.Invoke(step);
    }
}

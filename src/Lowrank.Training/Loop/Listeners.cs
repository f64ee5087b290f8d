namespace Lowrank.Training;

/// <summary>Several listeners as one: each is told in turn.</summary>
/// <param name="all">The listeners.</param>
public sealed class Listeners(params IReadOnlyList<ITrainingListener> all) : ITrainingListener
{
    /// <inheritdoc/>
    public void Prepared(string what, int done, int total)
    {
        foreach (var listener in all) listener.Prepared(what, done, total);
    }

    /// <inheritdoc/>
    public void Accounted(Account account)
    {
        foreach (var listener in all) listener.Accounted(account);
    }

    /// <inheritdoc/>
    public void Warned(string message)
    {
        foreach (var listener in all) listener.Warned(message);
    }

    /// <inheritdoc/>
    public void Started(TrainingStarted started)
    {
        foreach (var listener in all) listener.Started(started);
    }

    /// <inheritdoc/>
    public void Stepped(TrainingStep step)
    {
        foreach (var listener in all) listener.Stepped(step);
    }

    /// <inheritdoc/>
    public void Saved(string path)
    {
        foreach (var listener in all) listener.Saved(path);
    }
}

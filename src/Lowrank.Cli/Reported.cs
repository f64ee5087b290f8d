namespace Lowrank.Cli;

/// <summary>Progress that is told at once, on the thread that makes it; <see cref="Progress{T}"/> would tell it later, and out of order.</summary>
sealed class Reported<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}

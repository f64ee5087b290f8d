namespace Lowrank.Workbench;

/// <summary>Progress that is told at once, on the thread that makes it.</summary>
/// <remarks><see cref="Progress{T}"/> would tell it later, and out of order.</remarks>
/// <typeparam name="T">What is told.</typeparam>
/// <param name="tell">Who is told.</param>
public sealed class Reported<T>(Action<T> tell) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => tell(value);
}

namespace Lowrank.Torch;

/// <summary>Hears of what goes wrong in the backward passes of one optimizer, on whatever thread they run.</summary>
/// <remarks>
/// It flows with the call, as an asynchronous local does: what is recorded after <see cref="Begin"/>, there and in what is awaited or
/// started from there, belongs to it. An optimizer makes one, begins it in <see cref="IOptimizer.ZeroGrad"/> and asks it first thing in
/// <see cref="IOptimizer.Step"/>.
/// </remarks>
public sealed class BackwardWatch
{
    static readonly AsyncLocal<BackwardWatch?> current = new();

    readonly BackwardFailures failures = new();

    /// <summary>A watch that begins here.</summary>
    public BackwardWatch() => Begin();

    /// <summary>Those of the watch that the call lies in; null where there is none.</summary>
    internal static BackwardFailures? Current => current.Value?.failures;

    /// <summary>What is recorded from now on belongs to this watch.</summary>
    public void Begin() => current.Value = this;

    /// <summary>Throws what a backward pass of this watch, or of this thread, ran into since the last call.</summary>
    /// <exception cref="LowrankException">A custom function failed on the way back: the gradients are not to be used.</exception>
    public void Rethrow()
    {
        Backward.Throw(failures.Take());
        Backward.Rethrow();
    }
}

namespace Lowrank.Torch;

/// <summary>An error of one backward pass, which is thrown once though two threads may hear of it.</summary>
sealed class BackwardFailure(Exception error)
{
    int taken;

    /// <summary>What happened.</summary>
    public Exception Error => error;

    /// <summary>Whether it was thrown already.</summary>
    public bool IsTaken => Volatile.Read(ref taken) != 0;

    /// <summary>True for the first who asks.</summary>
    public bool TryTake() => Interlocked.Exchange(ref taken, 1) == 0;
}

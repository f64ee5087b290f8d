namespace Lowrank.Torch;

/// <summary>Work that threads share: those that libtorch computes with, which stand by anyway.</summary>
public static class Shares
{
    /// <summary>Runs <paramref name="body"/> once for each share of <paramref name="count"/> things, with the share's number, its first
    /// thing and the one after its last; at most so many run at once, and none waits for another.</summary>
    /// <param name="count">How many things.</param>
    /// <param name="shares">How many shares, from 1.</param>
    /// <param name="body">What is done; it calls no operator of libtorch's. What it throws is thrown here.</param>
    public static void Run(long count, int shares, Action<int, long, long> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentOutOfRangeException.ThrowIfLessThan(shares, 1);
        if (shares == 1) body(0, 0, count);
        else Crew.Run(shares, shares, share => body(share, count * share / shares, count * (share + 1) / shares));
    }
}

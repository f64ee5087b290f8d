namespace Lowrank.Torch;

/// <summary>Work that threads share.</summary>
static class Shares
{
    /// <summary>Runs <paramref name="body"/> once for each share of <paramref name="count"/> things, with the share's number, its first
    /// thing and the one after its last.</summary>
    public static void Run(long count, int shares, Action<int, long, long> body)
    {
        if (shares == 1) body(0, 0, count);
        else Parallel.For(0, shares, share => body(share, count * share / shares, count * (share + 1) / shares));
    }
}

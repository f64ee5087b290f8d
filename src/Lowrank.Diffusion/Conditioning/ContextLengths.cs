using System.Diagnostics.CodeAnalysis;

namespace Lowrank.Diffusion;

/// <summary>Brings encoded texts of unequal length to one, so that the network can be told of them in one batch.</summary>
public static class ContextLengths
{
    // Beyond it, two calls are cheaper than one.
    const int MostRepeated = 4;

    /// <summary>
    /// The contexts (B, T, C), each said several times over, which attention does not notice: a mean of equal values is the same.
    /// </summary>
    /// <returns>False where one would be said more than four times.</returns>
    public static bool TryRepeat(IReadOnlyList<Tensor> contexts, [NotNullWhen(true)] out IReadOnlyList<Tensor>? repeated)
    {
        long all = contexts.Select(context => context.shape[1]).Aggregate(LeastCommonMultiple);
        bool isCheap = contexts.All(context => all / context.shape[1] <= MostRepeated);
        repeated = isCheap ? [.. contexts.Select(context => Repeat(context, all / context.shape[1]))] : null;
        return isCheap;
    }

    /// <summary>The contexts, each one's last state said until all are as long as the longest, as AUTOMATIC1111 does.</summary>
    public static IReadOnlyList<Tensor> Stretched(IReadOnlyList<Tensor> contexts)
    {
        long longest = contexts.Max(context => context.shape[1]);
        return [.. contexts.Select(context => context.shape[1] == longest ? context : Stretch(context, longest))];
    }

    static Tensor Repeat(Tensor context, long times) => times == 1 ? context : context.repeat(1, times, 1);

    static Tensor Stretch(Tensor context, long longest)
    {
        long tokens = context.shape[1];
        using var last = context.narrow(1, tokens - 1, 1).repeat(1, longest - tokens, 1);
        return cat([context, last], 1);
    }

    static long LeastCommonMultiple(long a, long b)
    {
        var (x, y) = (a, b);
        while (y != 0) (x, y) = (y, x % y);
        return a / x * b;
    }
}

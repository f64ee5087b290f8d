namespace Lowrank.Torch;

/// <summary>Runs the body of a custom function's backward so that neither the process nor a gradient is lost.</summary>
/// <remarks>
/// Two things of TorchSharp are cured here. An exception that leaves a backward callback ends the process: it is kept, and <see cref="Rethrow"/> throws it once
/// <c>loss.backward()</c> has returned. A returned gradient that no scope holds may be finalized before libtorch has copied it: each thread keeps what its last
/// callback returned until its next one.
/// </remarks>
public static class Backward
{
    [ThreadStatic] static Tensor?[]? lastReturned;
    static Exception? failure;

    /// <summary>Computes gradients, one per argument of the function (null for arguments without one), from <paramref name="gradient"/>, which is freed.</summary>
    internal static List<Tensor> Run(Tensor gradient, int arguments, Func<Tensor, Tensor?[]> compute)
    {
        using var scope = NewDisposeScope();
        try
        {
            using (gradient)
                return Keep([.. compute(gradient).Select(g => g is null ? null : scope.Detach(g))]);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref failure, error, null);
            return Keep(new Tensor?[arguments]);
        }
    }

    /// <summary>Throws what a custom function's backward ran into since the last call. The training step calls it after every <c>backward()</c>.</summary>
    public static void Rethrow()
    {
        if (Interlocked.Exchange(ref failure, null) is { } error)
            throw new LowrankException($"{error.Message} (in a backward pass; its gradients are not to be used)", error);
    }

    static List<Tensor> Keep(Tensor?[] gradients)
    {
        if (lastReturned is not null)
            foreach (var old in lastReturned) old?.Dispose();
        lastReturned = gradients;
        return [.. gradients.Select(g => g!)];   // TorchSharp takes null for an argument without a gradient
    }

    /// <summary>Lets go of what this thread's last callback returned.</summary>
    public static void Release() => Keep([]);
}

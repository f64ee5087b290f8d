namespace Lowrank.Torch;

/// <summary>Runs the body of a custom function's backward so that neither the process nor a gradient is lost.</summary>
/// <remarks>
/// Two things of TorchSharp are cured here. An exception that leaves a backward callback ends the process: it is kept, and
/// <see cref="Rethrow"/> throws it once <c>loss.backward()</c> has returned. A returned gradient that no scope holds may be finalized
/// before libtorch has copied it: each thread keeps what its last callback returned until its next one.
/// A failure goes with its graph: to the thread that recorded the function, and to the one on which its backward ran. On a CPU that is the
/// thread that called <c>backward()</c>; on other devices it is libtorch's own, where nobody would ask for it.
/// </remarks>
public static class Backward
{
    const string SavedKey = "saved", FailuresKey = "failures";

    [ThreadStatic] static Tensor?[]? lastReturned;
    [ThreadStatic] static BackwardFailures? own;
    [ThreadStatic] static BackwardFailures? recording;   // those of the function whose backward this thread is in

    static BackwardFailures Own => own ??= new();

    /// <summary>Keeps what a function's forward leaves for its backward, and who is told if that fails.</summary>
    internal static void Save(autograd.AutogradContext context, object saved)
    {
        context.save_data(SavedKey, saved);
        context.save_data(FailuresKey, recording ?? Own);
    }

    /// <summary>What <see cref="Save"/> kept.</summary>
    internal static T Saved<T>(autograd.AutogradContext context) => (T)context.get_data(SavedKey);

    /// <summary>Computes gradients, one per argument of the function (null for arguments without one), from <paramref name="gradient"/>,
    /// which is freed.</summary>
    internal static List<Tensor> Run(
        autograd.AutogradContext context, Tensor gradient, int arguments, Func<Tensor, Tensor?[]> compute)
    {
        using var scope = NewDisposeScope();
        var failures = (BackwardFailures)context.get_data(FailuresKey);
        var outer = recording;
        recording = failures;   // what is recorded anew on the way back belongs to the same graph
        try
        {
            using (gradient)
                return Keep([.. compute(gradient).Select(g => g is null ? null : scope.Detach(g))]);
        }
        catch (Exception error)
        {
            var failure = new BackwardFailure(error);
            failures.Keep(failure);
            Own.Keep(failure);
            return Keep(new Tensor?[arguments]);
        }
        finally
        {
            recording = outer;
        }
    }

    /// <summary>Throws what a custom function of this thread's graphs ran into since the last call. The training step calls it after every
    /// <c>backward()</c>, on the same thread.</summary>
    public static void Rethrow()
    {
        if (Own.Take() is { } error)
            throw new LowrankException($"{error.Message} (in a backward pass; its gradients are not to be used)", error);
    }

    static List<Tensor> Keep(Tensor?[] gradients)
    {
        if (lastReturned is not null)
            foreach (var old in lastReturned) old?.Dispose();
        lastReturned = gradients;
        return [.. gradients.Select(g => g!)];   // TorchSharp takes null for an argument without a gradient
    }

    /// <summary>Lets go of what this thread's last callback returned: for who counts the tensors that live, as tests do.</summary>
    public static void Release() => Keep([]);
}

namespace Lowrank;

/// <summary>Runs the body of a custom function's backward so that neither the process nor a gradient is lost.</summary>
/// <remarks>
/// Two things of TorchSharp are cured here. An exception that leaves a backward callback ends the process: it is kept, and
/// <see cref="Rethrow"/> throws it once <c>loss.backward()</c> has returned. A returned gradient that no scope holds may be finalized
/// before libtorch has copied it: each thread keeps what its last callback returned until its next one.
/// A failure goes with its graph: to the optimizer in whose <see cref="BackwardWatch"/> the function was recorded, to the thread that
/// recorded it, and to the one on which its backward ran. On a CPU that is the thread that called <c>backward()</c>; on other devices it is
/// libtorch's own, where nobody would ask for it. It is thrown once.
/// </remarks>
public static class Backward
{
    const string Key = "kept";

    [ThreadStatic] static Tensor?[]? lastReturned;
    [ThreadStatic] static BackwardFailures? own;
    [ThreadStatic] static BackwardFailures[]? recording;   // who hears of the function whose backward this thread is in

    static BackwardFailures Own => own ??= new();

    // What a gradient of an argument looks like. The argument itself may be gone on the way back.
    sealed record Likeness(long[] Shape, ScalarType Dtype, Device Device);

    sealed record Kept(object Saved, BackwardFailures[] Hearers, Likeness?[] Arguments);

    /// <summary>Keeps what a function's forward leaves for its backward, and who is told if that fails.</summary>
    /// <param name="context">The function's.</param>
    /// <param name="arguments">What its forward was given.</param>
    /// <param name="saved">What it leaves.</param>
    /// <param name="held">The tensors in that, which are freed where no backward pass comes.</param>
    internal static void Save(autograd.AutogradContext context, object[] arguments, object saved, params Held[] held)
    {
        var likenesses = new Likeness?[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
            if (arguments[i] is Tensor { requires_grad: true } tensor) likenesses[i] = new(tensor.shape, tensor.dtype, tensor.device);
        context.save_data(Key, new Kept(saved, recording ?? Hearers(), likenesses));
        AbandonedGraphs.Watch(context, held);
    }

    static BackwardFailures[] Hearers() => BackwardWatch.Current is { } watched ? [watched, Own] : [Own];

    /// <summary>What <see cref="Save"/> kept.</summary>
    internal static T Saved<T>(autograd.AutogradContext context) => (T)KeptBy(context).Saved;

    static Kept KeptBy(autograd.AutogradContext context) => (Kept)context.get_data(Key);

    /// <summary>Computes gradients, one per argument of the function (null for arguments without one), from <paramref name="gradient"/>,
    /// which is freed.</summary>
    internal static List<Tensor> Run(autograd.AutogradContext context, Tensor gradient, Func<Tensor, Tensor?[]> compute)
    {
        using var scope = NewDisposeScope();
        var (_, hearers, arguments) = KeptBy(context);
        var outer = recording;
        recording = hearers;   // what is recorded anew on the way back belongs to the same graph
        try
        {
            using (gradient)
                return Keep([.. compute(gradient).Select(g => g is null ? null : scope.Detach(g))]);
        }
        catch (Exception error)
        {
            var failure = new BackwardFailure(error);
            foreach (var hearer in hearers) hearer.Keep(failure);
            Own.Keep(failure);
            // The way back goes on: a function below would end the process if it were given no gradient.
            return Keep([.. arguments.Select(like => like is null ? null : scope.Detach(Nothing(like)))]);
        }
        finally
        {
            recording = outer;
        }
    }

    // Of one element, however large: what failed may be the memory.
    static Tensor Nothing(Likeness like) => zeros([], like.Dtype, device: like.Device).expand(like.Shape);

    /// <summary>Throws what a custom function of this thread's graphs ran into since the last call: for loops whose optimizer is not one
    /// of ours, after every <c>backward()</c> and on the same thread. <see cref="IOptimizer.Step"/> does so by itself.</summary>
    /// <exception cref="LowrankException">A custom function failed on the way back: the gradients are not to be used.</exception>
    public static void Rethrow() => Throw(Own.Take());

    internal static void Throw(Exception? error)
    {
        if (error is not null)
            throw new LowrankException($"{EngineMessage.Of(error)} (in a backward pass; its gradients are not to be used)", error);
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

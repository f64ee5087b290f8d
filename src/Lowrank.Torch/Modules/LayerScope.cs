using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>The one place where a module's scope opens and its errors get their address.</summary>
public static class LayerScope
{
    /// <summary>Runs <paramref name="compute"/> in a scope of its own, moves the result out, and completes errors with the module's
    /// path.</summary>
    public static Tensor Run(nn.Module module, Func<Tensor> compute) =>
        Run(module, compute, static (scope, result) => scope.MoveToOuter(result));

    /// <summary>The same for a result of several tensors, which <paramref name="moveOut"/> moves to the outer scope.</summary>
    /// <exception cref="OperationCanceledException">It is wished to stop (<see cref="StopSign"/>).</exception>
    public static T Run<T>(nn.Module module, Func<T> compute, Func<DisposeScope, T, T> moveOut)
    {
        StopSign.Heed();
        using var call = ModelCalls.Guarded();
        using var scope = NewDisposeScope();
        try
        {
            return moveOut(scope, compute());
        }
        catch (LayerException error)
        {
            error.PassedThrough(module);
            throw;
        }
        catch (Exception error) when (error is ExternalException or ShapeException)
        {
            throw new LayerException(module, error);
        }
    }

    /// <summary>Frees <paramref name="consumed"/> early and gives <paramref name="next"/>: for a chain in one scope whose links nobody else
    /// holds.</summary>
    public static Tensor Then(this Tensor consumed, Tensor next)
    {
        if (!ReferenceEquals(consumed, next)) consumed.Dispose();
        return next;
    }
}

namespace Lowrank.Graphs;

/// <summary>Changes of weights in their order.</summary>
public static class WeightChanges
{
    /// <summary>Does them one after the other; what is returned undoes them, the last first.</summary>
    public static IDisposable Apply(this IReadOnlyList<WeightChange> changes, StableDiffusion model)
    {
        var done = new Applied();
        try
        {
            foreach (var change in changes) done.Add(change.Apply(model));
            return done;
        }
        catch
        {
            done.Dispose();
            throw;
        }
    }

    sealed class Applied : IDisposable
    {
        readonly Stack<IDisposable> held = [];

        public void Add(IDisposable one) => held.Push(one);

        public void Dispose()
        {
            while (held.TryPop(out var one)) one.Dispose();
        }
    }
}

namespace Lowrank.Adapters;

/// <summary>
/// What the reparameterizations of one adapter hold in common: frozen projections, a bank of vectors. Each is there once, is trained once
/// and is written once.
/// </summary>
/// <param name="targets">Every target of the adapter that the method adapts, in the model's order; shared sizes follow from them.</param>
public sealed class SharedParts(IReadOnlyList<Target> targets)
{
    readonly Dictionary<string, SharedPart> parts = [];
    readonly Dictionary<string, object> plans = [];

    /// <summary>Every target of the adapter that the method adapts, in the model's order.</summary>
    public IReadOnlyList<Target> Targets => targets;

    /// <summary>The part of that name; the first to ask makes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="make">Its value; taken over as float32.</param>
    /// <param name="trained">Whether training moves it.</param>
    public SharedPart Get(string name, Func<Tensor> make, bool trained = false)
    {
        if (parts.TryGetValue(name, out var part)) return part;
        using var scope = NewDisposeScope();
        return parts[name] = new SharedPart(name, make(), trained);
    }

    /// <summary>Frees every part, those that nobody holds too.</summary>
    internal void Free()
    {
        foreach (var part in parts.Values) part.Dispose();
    }

    /// <summary>What the targets agree on without holding a tensor: an allotment of places. The first to ask makes it.</summary>
    internal T Agreed<T>(string name, Func<T> make) where T : notnull
    {
        if (!plans.TryGetValue(name, out var plan)) plans[name] = plan = make();
        return (T)plan;
    }

    /// <summary>How many outputs or inputs the largest target has, so that one tensor is cut to every target.</summary>
    public long Largest(Target own, Func<Target, long> axis) => targets.Append(own).Max(axis);
}

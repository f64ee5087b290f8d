namespace Lowrank.Graphs;

/// <summary>A number.</summary>
/// <param name="Name">Its name in documents.</param>
/// <param name="Value">The default; null if ComfyUI gives none.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Step">By how much a click changes it; not looked at when a graph is checked.</param>
public sealed record NumberInput(string Name, double? Value, double Min, double Max, double? Step = 0.01)
    : NodeInput(Name, GraphTypes.Number)
{
    /// <summary>To which multiples the interface rounds; null tells nothing.</summary>
    public double? Round { get; init; }

    /// <summary>Whether the interface rounds at all; false tells that it does not.</summary>
    public bool IsRounded { get; init; } = true;

    /// <summary>Whether ComfyUI writes its bounds without a point, which shows in its errors.</summary>
    public bool HasWholeBounds { get; init; }

    /// <inheritdoc/>
    public override bool HasWidget => true;

    /// <inheritdoc/>
    public override object? Default => Value;

    /// <summary>A bound as ComfyUI writes it.</summary>
    public object Bound(double bound) => HasWholeBounds ? new System.Numerics.BigInteger(bound) : bound;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Facts(GraphFolders folders)
    {
        if (Value is { } value) yield return new("default", value);
        yield return new("min", Bound(Min));
        yield return new("max", Bound(Max));
        if (Step is { } step) yield return new("step", step);
        if (Round is { } round) yield return new("round", round);
        if (!IsRounded) yield return new("round", false);
    }
}

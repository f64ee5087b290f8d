using System.Globalization;
using System.Numerics;

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

    /// <summary>Whether ComfyUI writes both bounds without a point, which shows in its errors.</summary>
    public bool HasWholeBounds { get; init; }

    /// <summary>Whether it writes the smallest without a point.</summary>
    public bool HasWholeMin { get; init; }

    /// <inheritdoc/>
    public override bool HasWidget => true;

    /// <inheritdoc/>
    public override string Range => string.Create(CultureInfo.InvariantCulture, $"{Min} to {Max}");

    /// <inheritdoc/>
    public override object? Default => Value;

    /// <summary>The smallest as ComfyUI writes it.</summary>
    public object Least => HasWholeBounds || HasWholeMin ? new BigInteger(Min) : Min;

    /// <summary>The largest as ComfyUI writes it.</summary>
    public object Most => HasWholeBounds ? new BigInteger(Max) : Max;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Facts(GraphFolders folders)
    {
        if (Value is { } value) yield return new("default", value);
        yield return new("min", Least);
        yield return new("max", Most);
        if (Step is { } step) yield return new("step", step);
        if (Round is { } round) yield return new("round", round);
        if (!IsRounded) yield return new("round", false);
    }
}

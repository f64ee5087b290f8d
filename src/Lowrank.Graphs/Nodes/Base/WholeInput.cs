using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>A whole number.</summary>
/// <param name="Name">Its name in documents.</param>
/// <param name="Value">The default; null if ComfyUI gives none.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Step">By how much a click changes it; not looked at when a graph is checked.</param>
public sealed record WholeInput(string Name, BigInteger? Value, BigInteger Min, BigInteger Max, int? Step = null)
    : NodeInput(Name, GraphTypes.Whole)
{
    /// <summary>The largest side of pictures that ComfyUI allows.</summary>
    public const int MaxSize = 16384;

    /// <summary>Whether the interface changes it after each run, and saves how in the widget after it.</summary>
    public bool IsSeed { get; init; }

    /// <summary>Whether it is a colour, 0xRRGGBB.</summary>
    public bool IsColour { get; init; }

    /// <inheritdoc/>
    public override bool HasWidget => true;

    /// <inheritdoc/>
    public override string Range => $"{Min} to {Max}";

    /// <inheritdoc/>
    public override object? Default => Value;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, object?>> Facts(GraphFolders folders)
    {
        if (Value is { } value) yield return new("default", value);
        yield return new("min", Min);
        yield return new("max", Max);
        if (Step is { } step) yield return new("step", new BigInteger(step));
        if (IsColour) yield return new("display", "color");
        if (IsSeed) yield return new("control_after_generate", true);
    }

    /// <summary>A seed of 64 bits.</summary>
    public static WholeInput Seed(string name) => new(name, 0, 0, ulong.MaxValue) { IsSeed = true };

    /// <summary>A place or size in pixels.</summary>
    public static WholeInput Pixels(string name, int value, int min, int step = 1) => new(name, value, min, MaxSize, step);
}

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

    /// <summary>A place or size in pixels that is taken in whole pixels of latents; one that is less otherwise is told.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The default.</param>
    /// <param name="min">The smallest.</param>
    /// <param name="least">What a smaller one, but for 0, is taken as.</param>
    public static WholeInput LatentPixels(string name, int value, int min, int least = 0)
    {
        return Pixels(name, value, min, InLatent) with { Remark = Rounded };

        string? Rounded(object? written)
        {
            if (written is not BigInteger given || given.IsZero) return null;
            var taken = BigInteger.Max(given - given % InLatent, least);
            return taken == given ? null : $"is taken as {taken}: a pixel of latents stands for {InLatent}";
        }
    }

    // Pixels of a picture's side to one of latents.
    const int InLatent = 8;
}

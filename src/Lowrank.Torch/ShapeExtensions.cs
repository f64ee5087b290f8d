namespace Lowrank.Torch;

/// <summary>Takes shapes apart by name: <c>var (batch, tokens, channels) = x.shape;</c></summary>
public static class ShapeExtensions
{
    /// <summary>A shape of two axes.</summary>
    public static void Deconstruct(this long[] shape, out long a, out long b) => (a, b) = Axes(shape, 2) is var s ? (s[0], s[1]) : default;

    /// <summary>A shape of three axes.</summary>
    public static void Deconstruct(this long[] shape, out long a, out long b, out long c) => (a, b, c) = Axes(shape, 3) is var s ? (s[0], s[1], s[2]) : default;

    /// <summary>A shape of four axes.</summary>
    public static void Deconstruct(this long[] shape, out long a, out long b, out long c, out long d) =>
        (a, b, c, d) = Axes(shape, 4) is var s ? (s[0], s[1], s[2], s[3]) : default;

    static long[] Axes(long[] shape, int count) =>
        shape.Length == count ? shape : throw new ShapeException($"a tensor of {count} axes was expected, and the shape is ({string.Join(", ", shape)})");
}

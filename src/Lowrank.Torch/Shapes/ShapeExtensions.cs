namespace Lowrank.Torch;

/// <summary>Takes shapes apart by name, <c>var (batch, tokens, channels) = x.shape;</c> and says them in errors.</summary>
public static class ShapeExtensions
{
    /// <summary>The shape as a reader of errors expects it: "(2, 3)", for a scalar "()".</summary>
    public static string Text(this IEnumerable<long> shape) => $"({string.Join(", ", shape)})";

    /// <summary>A shape of two axes.</summary>
    public static void Deconstruct(this long[] shape, out long a, out long b)
    {
        RequireAxes(shape, 2);
        (a, b) = (shape[0], shape[1]);
    }

    /// <summary>A shape of three axes.</summary>
    public static void Deconstruct(this long[] shape, out long a, out long b, out long c)
    {
        RequireAxes(shape, 3);
        (a, b, c) = (shape[0], shape[1], shape[2]);
    }

    /// <summary>A shape of four axes.</summary>
    public static void Deconstruct(this long[] shape, out long a, out long b, out long c, out long d)
    {
        RequireAxes(shape, 4);
        (a, b, c, d) = (shape[0], shape[1], shape[2], shape[3]);
    }

    static void RequireAxes(long[] shape, int count)
    {
        if (shape.Length != count)
            throw new ShapeException($"a tensor of {count} axes was expected, and the shape is {shape.Text()}");
    }
}

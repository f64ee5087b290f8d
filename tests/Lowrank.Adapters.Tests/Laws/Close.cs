namespace Lowrank.Adapters.Tests;

/// <summary>Comparisons with a tolerance relative to the largest element.</summary>
static class Close
{
    /// <summary>float32: sums in another order, a few hundred terms at most.</summary>
    public const double Single = 1e-5;

    /// <summary>float16 keeps 11 bits; branch, answer and what flows back to each factor are rounded.</summary>
    public const double Half = 5.0 / 2048;

    /// <summary>bfloat16 keeps 8 bits; input, weight, branch, answer, and what is taken off an adapter's own beginning, are each rounded once.</summary>
    public const double Brain = 5.0 / 256;

    /// <summary>A rounding to bfloat16 of sums in another order, which may fall to either side.</summary>
    public const double Rounding = 1.0 / 128;

    public static void Equal(Tensor want, Tensor got, double tolerance = Single, string what = "answer")
    {
        using var scope = NewDisposeScope();
        Assert.Equal(want.shape, got.shape);
        var (a, b) = (want.detach().to(ScalarType.Float64), got.detach().to(ScalarType.Float64));
        double difference = (a - b).abs().max().ToDouble(), size = a.abs().max().ToDouble();
        Assert.True(difference <= tolerance * size,
            $"{what} differs by {difference:g3}, which is {difference / size:g3} of the largest element {size:g3}");
    }

    /// <summary>The same bits.</summary>
    public static void Same(Tensor want, Tensor got, string what = "answer")
    {
        Assert.Equal(want.shape, got.shape);
        Assert.Equal(want.dtype, got.dtype);
        using var scope = NewDisposeScope();
        Assert.True(want.detach().contiguous().bytes.SequenceEqual(got.detach().contiguous().bytes), $"{what} has other bits");
    }
}

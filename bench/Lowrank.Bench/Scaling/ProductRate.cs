namespace Lowrank.Bench;

/// <summary>What this machine multiplies in a second, measured on a product of square matrices.</summary>
sealed class ProductRate
{
    const long Side = 2048;

    public ProductRate(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        Tensor left = randn(Side, Side).to(dtype), right = randn(Side, Side).to(dtype);
        double seconds = new Rounds(AtLeast: 5, AtMost: 50, Seconds: 1).Median(() => left.mm(right));
        FlopsPerSecond = 2.0 * Side * Side * Side / seconds;
    }

    /// <summary>Multiplications and additions.</summary>
    public double FlopsPerSecond { get; }

    public double Seconds(double flops) => flops / FlopsPerSecond;
}

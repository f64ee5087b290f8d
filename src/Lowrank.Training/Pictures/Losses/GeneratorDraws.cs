namespace Lowrank.Training;

/// <summary>Draws from a generator of their own.</summary>
/// <param name="generator">The generator; whoever made it saves its state and frees it.</param>
public sealed class GeneratorDraws(Generator generator) : IDraws
{
    /// <inheritdoc/>
    public Tensor Normal(params long[] shape) =>
        randn(shape, dtype: ScalarType.Float32, device: CPU, generator: generator);

    /// <inheritdoc/>
    public double Uniform()
    {
        using var draw = rand(1, device: CPU, generator: generator);
        return draw.ToDouble();
    }

    /// <inheritdoc/>
    public Tensor Integers(long low, long high, long count) =>
        randint(low, high, [count], dtype: ScalarType.Int64, device: CPU, generator: generator);
}

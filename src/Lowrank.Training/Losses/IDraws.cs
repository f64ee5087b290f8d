namespace Lowrank.Training;

/// <summary>Where the random numbers of a training step come from.</summary>
public interface IDraws
{
    /// <summary>Normal draws, float32 on the CPU.</summary>
    Tensor Normal(params long[] shape);

    /// <summary>One uniform draw in [0, 1).</summary>
    double Uniform();

    /// <summary>Integers in [low, high), int64 on the CPU.</summary>
    Tensor Integers(long low, long high, long count);
}

/// <summary>Draws from a generator of their own.</summary>
/// <param name="generator">The generator; whoever made it saves its state and frees it.</param>
public sealed class GeneratorDraws(Generator generator) : IDraws
{
    /// <inheritdoc/>
    public Tensor Normal(params long[] shape) => randn(shape, dtype: ScalarType.Float32, generator: generator);

    /// <inheritdoc/>
    public double Uniform()
    {
        using var draw = rand(1, generator: generator);
        return draw.ToDouble();
    }

    /// <inheritdoc/>
    public Tensor Integers(long low, long high, long count) => randint(low, high, [count], dtype: ScalarType.Int64, generator: generator);
}

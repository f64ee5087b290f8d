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

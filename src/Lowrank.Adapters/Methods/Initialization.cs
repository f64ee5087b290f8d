namespace Lowrank.Adapters;

/// <summary>What a fresh reparameterization may draw on.</summary>
/// <param name="generator">Source of the random parts; null means the default one.</param>
/// <param name="weight">Gives the base's weight as a matrix (out, in·kh·kw), float32; null where it is not at hand.</param>
public sealed class Initialization(Generator? generator = null, Func<Tensor>? weight = null)
{
    /// <summary>Source of the random parts; null means the default one.</summary>
    public Generator? Generator => generator;

    /// <summary>The base's weight as a matrix (out, in·kh·kw), float32.</summary>
    /// <exception cref="LowrankException">It is not at hand.</exception>
    public Tensor Weight => weight?.Invoke()
        ?? throw new LowrankException("this needs the base's weights to begin with. Create the adapter from the model (AdapterFactory.Create(model, ...)), not from targets alone.");

    /// <summary>Uniform in ±1/√fan_in, fan_in being all axes but the first: PyTorch's kaiming_uniform(a = √5).</summary>
    public Tensor Kaiming(params long[] shape)
    {
        double bound = 1 / Math.Sqrt(shape[1..].Aggregate(1L, (product, axis) => product * axis));
        return rand(shape, generator: Generator) * (2 * bound) - bound;
    }

    /// <summary>Normal with mean 0.</summary>
    public Tensor Normal(double deviation, params long[] shape) => randn(shape, generator: Generator) * deviation;
}

namespace Lowrank.Adapters;

/// <summary>What a fresh reparameterization may draw on.</summary>
/// <param name="generator">Source of the random parts; null means the default one.</param>
/// <param name="weight">Gives the base's weight as a matrix (out, in·kh·kw), float32; null where it is not at hand.</param>
/// <param name="shared">What the adapter's reparameterizations hold in common; null makes it for this one alone.</param>
/// <param name="bias">Gives the layer's bias, null where it has none; null where the layer is not at hand.</param>
public sealed class Initialization(
    Generator? generator = null, Func<Tensor>? weight = null, SharedParts? shared = null, Func<Tensor?>? bias = null)
{
    /// <summary>Source of the random parts; null means the default one.</summary>
    public Generator? Generator => generator;

    /// <summary>Where parts begin: on the CPU, so that a seed means the same numbers wherever the model is. They move when they are
    /// attached.</summary>
    public Device Device { get; } = CPU;

    /// <summary>The base's weight as a matrix (out, in·kh·kw), float32.</summary>
    /// <exception cref="LowrankException">It is not at hand.</exception>
    public Tensor Weight => Here(weight?.Invoke()) ?? throw new LowrankException(
        "this needs the base's weights to begin with. Create the adapter from the model (AdapterFactory.Create(model, ...)), " +
        "not from targets alone.");

    /// <summary>Whether the base's weight is at hand.</summary>
    public bool HasWeight => weight is not null;

    /// <summary>The layer's bias (out), float32; null where it has none or is not at hand.</summary>
    public Tensor? Bias => Here(bias?.Invoke());

    /// <summary>Gives what a target's layer was asked in a few batches; null where nobody listened.</summary>
    public Func<Target, InputStatistics?>? Seen { get; init; }

    /// <summary>What a target's layer was asked in a few batches.</summary>
    /// <exception cref="LowrankException">Nobody listened.</exception>
    public InputStatistics Inputs(Target target) => Seen?.Invoke(target) ?? throw new LowrankException(
        $"this begins with what {target} is asked. Run a few batches with an InputRecorder first, and hand it to AdapterFactory.Create.");

    /// <summary>What the adapter's reparameterizations hold in common.</summary>
    public SharedParts Shared { get; } = shared ?? new SharedParts([]);

    /// <summary>Uniform in ±1/√fan_in, fan_in being all axes but the first: PyTorch's kaiming_uniform(a = √5).</summary>
    public Tensor Kaiming(params long[] shape)
    {
        double bound = 1 / Math.Sqrt(shape[1..].Aggregate(1L, (product, axis) => product * axis));
        return Uniform(bound, shape);
    }

    /// <summary>Uniform in ±bound.</summary>
    public Tensor Uniform(double bound, params long[] shape) =>
        rand(shape, generator: Generator, device: Device) * (2 * bound) - bound;

    /// <summary>Normal with mean 0.</summary>
    public Tensor Normal(double deviation, params long[] shape) => randn(shape, generator: Generator, device: Device) * deviation;

    /// <summary>All 0.</summary>
    public Tensor Zeros(params long[] shape) => zeros(shape, device: Device);

    /// <summary>All 1.</summary>
    public Tensor Ones(params long[] shape) => ones(shape, device: Device);

    /// <summary>All one number.</summary>
    public Tensor Full(double value, params long[] shape) => full(shape, value, ScalarType.Float32, Device);

    Tensor? Here(Tensor? value) => value is null || value.device_type == Device.type ? value : value.to(Device);
}

namespace Lowrank.Torch.Layers;

/// <summary>Where and in which dtype a model's weights are kept.</summary>
/// <param name="Dtype">dtype of the weights at rest.</param>
/// <param name="Device">Device they lie on; null means the CPU.</param>
public sealed record Storage(ScalarType Dtype = ScalarType.Float32, Device? Device = null)
{
    /// <summary>float32 on the CPU.</summary>
    public static Storage Default { get; } = new();

    /// <summary>An uninitialized tensor here: untouched memory costs nothing until a state dict fills it.</summary>
    public Tensor Empty(params long[] shape) => empty(shape, dtype: Dtype, device: Device);
}

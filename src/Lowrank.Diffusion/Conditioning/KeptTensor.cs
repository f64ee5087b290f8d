namespace Lowrank.Diffusion;

/// <summary>A tensor's values in .NET's memory, which nobody needs to free.</summary>
sealed class KeptTensor
{
    readonly byte[] bytes;
    readonly long[] shape;
    readonly ScalarType dtype;

    KeptTensor(Tensor values) => (bytes, shape, dtype) = (values.bytes.ToArray(), values.shape, values.dtype);

    /// <summary>Of a tensor as it is now.</summary>
    public static KeptTensor Of(Tensor values)
    {
        using var scope = NewDisposeScope();
        return new(values.detach().cpu().contiguous());
    }

    /// <summary>A tensor of these values; of the caller's scope.</summary>
    public Tensor On(Device device)
    {
        var values = empty(shape, dtype, CPU);
        bytes.CopyTo(values.bytes);
        if (device.type == DeviceType.CPU) return values;
        using (values) return values.to(device);
    }
}

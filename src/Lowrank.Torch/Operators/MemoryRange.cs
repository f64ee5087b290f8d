using System.Runtime.CompilerServices;

namespace Lowrank.Torch;

/// <summary>The bytes of memory that a tensor's elements lie in: by it tensors that share elements are known.</summary>
/// <param name="Device">Where they lie.</param>
/// <param name="First">Address of the first byte.</param>
/// <param name="End">Address behind the last one; that of the first where there is no memory, as of a tensor on the meta device.</param>
public readonly record struct MemoryRange(DeviceType Device, nint First, nint End)
{
    /// <summary>The range of a tensor, from its lowest element to its highest.</summary>
    public static MemoryRange Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();   // some of TorchSharp's getters make a handle
        nint first = tensor.numel() == 0 || tensor.device_type == DeviceType.META ? 0 : Data(null, tensor.Handle);
        GC.KeepAlive(tensor);
        if (first == 0) return new(tensor.device_type, 0, 0);
        long reach = tensor.shape.Zip(tensor.stride(), (size, stride) => (size - 1) * stride).Sum() + 1;
        return new(tensor.device_type, first, first + (nint)(reach * tensor.ElementSize));
    }

    /// <summary>The address of a tensor's first element, which has one and lies on the CPU: for kernels, that ask often.</summary>
    internal static nint Start(Tensor tensor)
    {
        nint first = Data(null, tensor.Handle);
        GC.KeepAlive(tensor);
        return first;
    }

    /// <summary>Whether some memory is in both.</summary>
    public bool Overlaps(MemoryRange other) => Device == other.Device && First < other.End && other.First < End;

    // TorchSharp shows the address in a storage of a few dtypes alone.
    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "THSTensor_data")]
    static extern nint Data([UnsafeAccessorType("TorchSharp.PInvoke.NativeMethods, TorchSharp")] object? methods, nint tensor);
}

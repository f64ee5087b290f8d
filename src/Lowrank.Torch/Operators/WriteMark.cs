using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>What tells cheaply whether somebody wrote into some tensors in between: equal marks of the same tensors say that nobody
/// did.</summary>
/// <remarks>
/// Writing equal values counts as writing. A write past libtorch, through <c>bytes</c> or a pointer, is told by a few values of each tensor
/// on the CPU, and found where it changes many.
/// </remarks>
/// <param name="Versions">How often libtorch wrote into any of them; -1 where it does not count.</param>
/// <param name="Sample">Made of the few values.</param>
public readonly record struct WriteMark(long Versions, int Sample)
{
    const int Sampled = 16;

    /// <summary>Whether libtorch counts; else no mark tells anything.</summary>
    public bool IsCounted => Versions >= 0;

    /// <summary>Of tensors as they are now.</summary>
    public static WriteMark Of(Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var sample = new HashCode();
        foreach (var tensor in tensors)
        {
            if (!HasSpan(tensor)) continue;
            var values = MemoryMarshal.Cast<byte, int>(tensor.bytes);
            for (int i = 0; i < Sampled && values.Length > 0; i++) sample.Add(values[(int)((long)i * values.Length / Sampled)]);
        }
        return new(AtenOperators.Versions(tensors), sample.ToHashCode());
    }

    static bool HasSpan(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.is_contiguous() && tensor.numel() <= int.MaxValue / tensor.element_size();
}

using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>Large tensors in pages of two megabytes rather than four kilobytes, of which the first touches cost less (Linux, where the
/// system lets a program ask for them).</summary>
public static class HugePages
{
    const long PageBytes = 2 << 20;
    const int AdviseHugePages = 14;

    /// <summary>A tensor of undefined values in memory that is, where it can be, of large pages. It belongs to the caller's
    /// scope.</summary>
    public static Tensor Empty(ScalarType dtype, long[] shape, Device device)
    {
        var tensor = empty(shape, dtype: dtype, device: device);
        long bytes = tensor.numel() * tensor.element_size();
        if (OperatingSystem.IsLinux() && device.type == DeviceType.CPU && bytes is >= PageBytes and <= int.MaxValue) Advise(tensor.bytes);
        return tensor;
    }

    // Advice: where the system refuses it, pages stay small.
    static unsafe void Advise(Span<byte> memory)
    {
        fixed (byte* start = memory)
        {
            nint first = ((nint)start + Environment.SystemPageSize - 1) & -(nint)Environment.SystemPageSize;
            _ = madvise(first, (nuint)((nint)start + memory.Length - first), AdviseHugePages);
        }
    }

    [DllImport("libc", ExactSpelling = true)]
    static extern int madvise(nint address, nuint length, int advice);
}

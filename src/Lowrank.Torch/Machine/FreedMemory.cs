using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>What becomes of freed memory (Linux, GNU's C library).</summary>
public static class FreedMemory
{
    const int MmapThreshold = -3, TrimThreshold = -1;   // M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of malloc.h
    const int Megabyte = 1 << 20, KeptMegabytes = 64;

    /// <summary>Bytes of the largest block that is kept: larger ones are fresh in each use.</summary>
    internal const long LargestKept = (long)KeptMegabytes * Megabyte;

    /// <summary>Lets the C library keep blocks of up to 64 MB for the next tensors, a gigabyte in all, rather than give them back to the
    /// system, whose fresh pages have to be touched for the first time.</summary>
    /// <remarks>
    /// It is the program's choice, as it counts for the whole process; where MALLOC_MMAP_THRESHOLD_ or MALLOC_TRIM_THRESHOLD_ is set, that
    /// stays.
    /// A training step on SD 1.5's UNet took 1.6 s with it and 1.8 s without. Keeping larger blocks too took another twentieth off the
    /// step, and put as much on the peak of a picture of 512x512.
    /// </remarks>
    public static unsafe void Keep()
    {
        if (!OperatingSystem.IsLinux()) return;
        string[] variables = ["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"];
        if (variables.Any(name => Environment.GetEnvironmentVariable(name) is not null)) return;
        if (!NativeLibrary.TryLoad("libc.so.6", out nint library)) return;
        if (!NativeLibrary.TryGetExport(library, "mallopt", out nint address)) return;
        var mallopt = (delegate* unmanaged<int, int, int>)address;
        // Before glibc 2.35 at most 32 MB. Setting either ends its own adapting, so that both are needed.
        if (mallopt(MmapThreshold, KeptMegabytes * Megabyte) == 0 && mallopt(MmapThreshold, 32 * Megabyte) == 0) return;
        _ = mallopt(TrimThreshold, 1024 * Megabyte);
    }
}

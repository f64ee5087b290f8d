using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>What this process holds, in bytes.</summary>
/// <param name="Resident">Pages in memory now.</param>
/// <param name="PeakResident">The most pages so far.</param>
public sealed record ProcessMemory(long Resident, long PeakResident)
{
    /// <summary>A reading now.</summary>
    public static ProcessMemory Read()
    {
        using var process = Process.GetCurrentProcess();
        return new(process.WorkingSet64, process.PeakWorkingSet64);
    }

    /// <summary>Gives pages that glibc keeps after frees back to the system, so that a reading shows what is in use; does nothing
    /// elsewhere.</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux()) return;
        try { _ = malloc_trim(0); }
        catch (EntryPointNotFoundException) { return; }   // musl has none, and keeps less
    }

    [DllImport("libc", ExactSpelling = true)]
    static extern int malloc_trim(nuint pad);
}

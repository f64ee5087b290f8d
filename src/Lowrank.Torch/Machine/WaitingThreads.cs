using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>How libtorch's worker threads wait for each other at the end of an operation (Linux, GNU's OpenMP).</summary>
public static class WaitingThreads
{
    /// <summary>Lets them sleep after some ten microseconds instead of spinning for milliseconds: on a machine that others use too,
    /// spinning takes most of a small model's time.</summary>
    /// <remarks>
    /// To be called before libtorch is loaded, which reads the variables once: at the beginning of a program, as the command line does.
    /// Nothing else here calls it, for it sets a variable of the whole process. What the user has set in OMP_WAIT_POLICY or GOMP_SPINCOUNT
    /// stays.
    /// A step of the demo on two idle cores: 0.12 s spinning, 0.13 s with this count, 0.22 s sleeping at once.
    /// </remarks>
    public static void SleepSoon()
    {
        if (!OperatingSystem.IsLinux()) return;
        string[] variables = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"];
        if (variables.Any(name => Environment.GetEnvironmentVariable(name) is not null)) return;
        // .NET's own setter changes a copy that native code does not see.
        _ = setenv("GOMP_SPINCOUNT", "20000", 0);
    }

    [DllImport("libc", ExactSpelling = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    static extern int setenv(string name, string value, int overwrite);
}

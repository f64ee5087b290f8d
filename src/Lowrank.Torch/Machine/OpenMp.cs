using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>The OpenMP that libtorch computes with, where it is found and lets itself be asked, as in builds for Linux.</summary>
static unsafe class OpenMp
{
    static readonly delegate* unmanaged<int, void> set;
    static readonly delegate* unmanaged<int> get;
    static readonly delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void> parallel;

    static OpenMp()
    {
        // Found through what needs it, as its file is named by its build; on Windows an export is none of those who need it.
        if (!NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out nint library)) return;
        if (NativeLibrary.TryGetExport(library, "GOMP_parallel", out nint running))
            parallel = (delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void>)running;
        bool both = NativeLibrary.TryGetExport(library, "omp_set_num_threads", out nint setting)
            & NativeLibrary.TryGetExport(library, "omp_get_max_threads", out nint getting);
        if (!both) return;
        set = (delegate* unmanaged<int, void>)setting;
        get = (delegate* unmanaged<int>)getting;
    }

    /// <summary>Whether its number of threads can be asked and set here.</summary>
    public static bool IsKnown => set is not null;

    /// <summary>Whether its threads can be had here: GNU's, and what speaks as it does.</summary>
    public static bool HasTeam => parallel is not null;

    /// <summary>Threads that the calling thread's products are divided among; 0 where that is not known.</summary>
    public static int Threads => IsKnown ? get() : 0;

    /// <summary>Sets that, for the calling thread alone.</summary>
    public static void SetThreads(int threads) => set(threads);

    /// <summary>Calls a function by so many threads at once, the caller's own team, and comes back when all have.</summary>
    public static void Run(delegate* unmanaged<nint, void> function, nint data, int threads) => parallel(function, data, (uint)threads, 0);
}

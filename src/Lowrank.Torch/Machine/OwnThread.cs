using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>A block in which a thread computes small products of oneDNN's, those in bfloat16, by itself (where libtorch's threads are
/// OpenMP's, and that lets itself be asked). MKL's, those in float32, go by a number of its own, once that is set.</summary>
/// <remarks>
/// oneDNN divides a product among all threads however small it is. On two cores one of 256 x 128 by 128 x 8 in bfloat16 takes 17 µs with
/// one thread and with two; where the other core is busy, two take a millisecond, and the six of a LoRA's layer a step's most.
/// The number is the thread's own, as OpenMP has it: neither other threads nor the products after the block see it.
/// </remarks>
readonly unsafe struct OwnThread : IDisposable
{
    // From 2.6 million multiplications on a second thread took a fifth off, up to 0.5 nothing.
    const long Most = 1 << 21;

    static readonly delegate* unmanaged<int, void> set;
    static readonly delegate* unmanaged<int> get;

    readonly int before;   // threads, where the block has changed that

    static OwnThread()
    {
        // Found through what needs it, as its file is named by its build; on Windows an export is none of those who need it.
        if (!NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out nint library)) return;
        bool both = NativeLibrary.TryGetExport(library, "omp_set_num_threads", out nint setting)
            & NativeLibrary.TryGetExport(library, "omp_get_max_threads", out nint getting);
        if (!both) return;
        set = (delegate* unmanaged<int, void>)setting;
        get = (delegate* unmanaged<int>)getting;
    }

    OwnThread(int before) => this.before = before;

    /// <summary>Whether it can be asked for here.</summary>
    public static bool IsKnown => set is not null;

    /// <summary>Threads that the calling thread's products are divided among; 0 where that is not known.</summary>
    public static int Threads => IsKnown ? get() : 0;

    /// <summary>Opens the block around products of so many multiplications; it changes nothing where those are many.</summary>
    public static OwnThread For(long multiplications)
    {
        if (multiplications > Most || Threads is not (> 1 and var threads)) return default;
        set(1);
        return new(threads);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (before > 0) set(before);
    }
}

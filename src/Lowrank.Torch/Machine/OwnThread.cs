namespace Lowrank.Torch;

/// <summary>A block in which a thread computes small products of oneDNN's, those in bfloat16, by itself (where libtorch's threads are
/// OpenMP's, and that lets itself be asked). MKL's, those in float32, go by a number of its own, once that is set.</summary>
/// <remarks>
/// oneDNN divides a product among all threads however small it is. On two cores one of 256 x 128 by 128 x 8 in bfloat16 takes 17 µs with
/// one thread and with two; where the other core is busy, two take a millisecond, and the six of a LoRA's layer a step's most.
/// The number is the thread's own, as OpenMP has it: neither other threads nor the products after the block see it.
/// </remarks>
readonly struct OwnThread : IDisposable
{
    // From 2.6 million multiplications on a second thread took a fifth off, up to 0.5 nothing.
    const long Most = 1 << 21;

    readonly int before;   // threads, where the block has changed that

    OwnThread(int before) => this.before = before;

    /// <summary>Opens the block around products of so many multiplications; it changes nothing where those are many.</summary>
    public static OwnThread For(long multiplications)
    {
        if (multiplications > Most || OpenMp.Threads is not (> 1 and var threads)) return default;
        OpenMp.SetThreads(1);
        return new(threads);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (before > 0) OpenMp.SetThreads(before);
    }
}

using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>Threads that do pieces of work: libtorch's own, where they can be had.</summary>
/// <remarks>
/// A language model multiplies two hundred times for each token, a tenth of a millisecond each: to wake a thread of .NET's pool for half
/// of that takes longer than to do it alone, and it takes a core from libtorch's, which stand by for the next operator. A piece is taken by
/// whoever is free.
/// </remarks>
static unsafe class Crew
{
    /// <summary>Runs a body once for each piece, by so many threads, of which the caller is one.</summary>
    public static void Run(int pieces, int threads, Action<int> body)
    {
        var work = new Work(pieces, body);
        threads = Math.Min(threads, pieces);
        if (threads <= 1) work.Do();
        else if (OpenMp.HasTeam)
        {
            using var handle = new GCHandle<Work>(work);
            OpenMp.Run(&Do, GCHandle<Work>.ToIntPtr(handle), threads);
        }
        else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => work.Do());
        work.Check();
    }

    [UnmanagedCallersOnly]
    static void Do(nint work) => GCHandle<Work>.FromIntPtr(work).Target.Do();

    sealed class Work(int pieces, Action<int> body)
    {
        int next;
        Exception? fault;

        // Pieces until none is left; a fault, which no native frame can pass on, is kept.
        public void Do()
        {
            for (int piece; (piece = Interlocked.Increment(ref next) - 1) < pieces;)
                try
                {
                    body(piece);
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref fault, exception, null);
                }
        }

        public void Check()
        {
            if (fault is not null) ExceptionDispatchInfo.Throw(fault);
        }
    }
}

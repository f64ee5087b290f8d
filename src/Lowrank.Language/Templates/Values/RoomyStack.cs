using System.Runtime.ExceptionServices;

namespace Lowrank.Language;

/// <summary>Work of deep recursion: where the caller's stack has no room for it, it is done anew on a thread that has.</summary>
/// <remarks>How much room a level takes depends on the processor and on how far its code is optimized; what is allowed must not.</remarks>
static class RoomyStack
{
    const int Bytes = 32 << 20;   // of addresses: memory is taken as it is used

    /// <summary>What the work comes to.</summary>
    /// <param name="work">It may be begun twice, and changes nothing of its own outside.</param>
    /// <exception cref="InsufficientExecutionStackException">It does not fit that thread either.</exception>
    public static T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InsufficientExecutionStackException)
        {
            return OnThread(work);
        }
    }

    static T OnThread<T>(Func<T> work)
    {
        T? done = default;
        ExceptionDispatchInfo? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                done = work();
            }
            catch (Exception exception)
            {
                thrown = ExceptionDispatchInfo.Capture(exception);
            }
        }, Bytes);
        thread.Start();
        thread.Join();
        thrown?.Throw();
        return done!;
    }
}

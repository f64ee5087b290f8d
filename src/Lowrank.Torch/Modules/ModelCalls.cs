using System.Collections.Concurrent;

namespace Lowrank.Torch;

/// <summary>Calls of models that are under way, and changes of which a call sees all or nothing.</summary>
/// <remarks>
/// A call begins with the outermost module of a thread that is run by <c>call</c> (or by <c>forward</c>, of our own layers) and sees what
/// was published before it began, to its last layer. A change is published with the next version; what it replaced is freed once no call is
/// under way that began before. Some changes must be alone: they wait for the calls under way, and calls wait for them.
/// What a call does on other threads, in tasks that it starts, belongs to it and sees the same.
/// Hooks of TorchSharp do not run where a module throws, so that a call through them counts as ended with the first exception on its
/// thread; should the model catch that, its later layers are calls of their own.
/// </remarks>
public static class ModelCalls
{
    const long None = long.MaxValue;

    // One call, from its beginning to its end, wherever its parts run.
    sealed class Call(long version)
    {
        volatile bool ended;

        public long Version => version;

        public bool Ended
        {
            get => ended;
            set => ended = value;
        }
    }

    // The calls of one thread. Only it writes there.
    sealed class Flow
    {
        public readonly Thread Owner = Thread.CurrentThread;
        public long Began = None;
        public int Depth, Guards;
        public bool Threw;
        public Call? Call;   // its own, not one that it takes part in

        public bool IsUnderWay => Volatile.Read(ref Began) != None && Owner.IsAlive;

        public void End()
        {
            (Depth, Threw) = (0, false);
            if (Call is not null) Call.Ended = true;
            Call = null;
            Volatile.Write(ref Began, None);
        }
    }

    [ThreadStatic] static Flow? own;

    static readonly AsyncLocal<Call?> around = new();

    static readonly Lock changing = new(), registering = new();
    static readonly List<(long Version, Action Free)> retired = [];
    static readonly ConcurrentQueue<Action> asked = [];   // from within calls, while somebody waits for those
    static Flow[] flows = [];
    static long published = 1, inChange;
    static Thread? alone;
    static int waiting;   // how much is retired

    // TorchSharp's call has no try around what it runs and cannot be overridden, and hooks are all that it offers: a module that throws
    // leaves no other trace.
    static ModelCalls() => AppDomain.CurrentDomain.FirstChanceException += (_, _) =>
    {
        if (own is not { Depth: > 0 } flow) return;
        if (flow.Guards == 0) flow.End();
        else flow.Threw = true;
    };

    /// <summary>The version that this thread's call sees; outside of calls the newest.</summary>
    public static long Version => own is { Depth: > 0 } flow ? flow.Began : Volatile.Read(ref published);

    /// <summary>Whether this thread is in a call, or works for one.</summary>
    public static bool IsInside => own is { Depth: > 0 } || around.Value is { Ended: false };

    /// <summary>
    /// Has a module and all in it tell when they begin and end, by hooks that stay: from then on the outermost of them that is run by
    /// <c>call</c> is a call.
    /// </summary>
    public static void Follow(nn.Module root) => ModuleHooks.TellCalls(root);

    /// <summary>A module of this thread begins; the outermost begins a call.</summary>
    internal static void Begin()
    {
        var flow = own ??= Registered();
        if (flow.Depth++ > 0 || Joined(flow)) return;
        while (true)
        {
            long version = Volatile.Read(ref published);
            Volatile.Write(ref flow.Began, version);
            Interlocked.MemoryBarrier();   // who changes something sees this call, or this call sees the change
            bool isFree = Volatile.Read(ref alone) is not { } other || other == flow.Owner;
            if (isFree && Volatile.Read(ref published) == version)
            {
                around.Value = flow.Call = new(version);
                return;
            }
            if (isFree) continue;
            Volatile.Write(ref flow.Began, None);
            lock (changing) { }
        }
    }

    // A part of a call that began on another thread: it waits for nobody who waits for that.
    static bool Joined(Flow flow)
    {
        if (around.Value is not { Ended: false } call) return false;
        Volatile.Write(ref flow.Began, call.Version);
        Interlocked.MemoryBarrier();
        if (!call.Ended) return true;
        Volatile.Write(ref flow.Began, None);
        return false;
    }

    /// <summary>It has ended.</summary>
    internal static void End()
    {
        if (own is not { Depth: > 0 } flow || --flow.Depth > 0) return;
        flow.End();
        if (HasDue) TryFree();
    }

    static bool HasDue => Volatile.Read(ref waiting) > 0 || !asked.IsEmpty;

    /// <summary>A module whose end is sure to be told, exceptions or not.</summary>
    internal static Guard Guarded()
    {
        Begin();
        own!.Guards++;
        return default;
    }

    /// <summary>The length of such a module.</summary>
    internal readonly struct Guard : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose()
        {
            var flow = own!;
            if (--flow.Guards == 0 && flow.Threw) flow.End();
            else ModelCalls.End();
        }
    }

    static Flow Registered()
    {
        var flow = new Flow();
        lock (registering) flows = [.. flows.Where(other => other.Owner.IsAlive), flow];
        return flow;
    }

    /// <summary>Publishes a change: calls that begin afterwards see it whole, those under way do not see it.</summary>
    /// <param name="write">Writes it, told its version. Where it throws, nothing is published.</param>
    /// <param name="isAlone">Whether no call may be under way meanwhile.</param>
    /// <exception cref="LowrankException">Asked for within a call.</exception>
    public static void Change(Action<long> write, bool isAlone = false)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (IsInside)
            throw new LowrankException("adapters are attached, switched or merged between calls of a model, and this is within one; " +
                "do it before the call or after it");
        lock (changing)
        {
            var before = alone;
            if (isAlone) BeAlone();
            try
            {
                inChange = published + 1;
                write(inChange);
                Volatile.Write(ref published, inChange);
            }
            finally
            {
                inChange = 0;
                Volatile.Write(ref alone, before);
            }
            Interlocked.MemoryBarrier();
            Free();
        }
        if (HasDue) TryFree();
    }

    static void BeAlone()
    {
        Volatile.Write(ref alone, Thread.CurrentThread);
        Interlocked.MemoryBarrier();
        var spin = new SpinWait();
        while (AnyUnderWay() || AnyUnderWay()) spin.SpinOnce();   // twice: a part of a call may go on as that ends

        static bool AnyUnderWay() => Volatile.Read(ref flows).Any(flow => flow != own && flow.IsUnderWay);
    }

    /// <summary>Frees something once no call is under way that began before now; at once where there is none.</summary>
    public static void Retire(Action free)
    {
        ArgumentNullException.ThrowIfNull(free);
        if (IsInside)
        {
            // Who changes something may be waiting for this call.
            asked.Enqueue(free);
            TryFree();
            return;
        }
        lock (changing)
        {
            if (inChange > 0)
            {
                RetireAt(inChange, free);
                return;
            }
            RetireNow(free);
            Free();
        }
    }

    static void RetireNow(Action free)
    {
        Volatile.Write(ref published, published + 1);
        Interlocked.MemoryBarrier();
        RetireAt(published, free);
    }

    /// <summary>The same within a change, once no call is under way that began before it.</summary>
    /// <param name="version">The change's.</param>
    /// <param name="free">What is to be done.</param>
    public static void RetireAt(long version, Action free)
    {
        lock (changing)
        {
            retired.Add((version, free));
            waiting = retired.Count;
        }
    }

    // Who holds the lock meanwhile looks again after it.
    static void TryFree()
    {
        if (!changing.TryEnter()) return;
        try { Free(); }
        finally { changing.Exit(); }
    }

    static void Free()
    {
        if (inChange > 0) return;
        while (asked.TryDequeue(out var free)) RetireNow(free);
        if (retired.Count == 0) return;
        long oldest = Math.Min(Oldest(), Oldest());   // twice: a part of a call may go on as that ends
        // One by one: where one throws, the others are still due.
        while (retired.FindIndex(one => one.Version <= Math.Min(oldest, published)) is >= 0 and var index)
        {
            var free = retired[index].Free;
            retired.RemoveAt(index);
            waiting = retired.Count;
            free();
        }
    }

    static long Oldest() =>
        Volatile.Read(ref flows).Where(flow => flow.IsUnderWay).Select(flow => Volatile.Read(ref flow.Began)).DefaultIfEmpty(None).Min();
}

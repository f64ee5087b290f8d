using System.Runtime.ExceptionServices;

namespace Lowrank.Adapters;

/// <summary>A change of several layers' lists that calls see whole or not at all.</summary>
sealed class HostChange
{
    [ThreadStatic] static HostChange? open;

    readonly Dictionary<AdaptedLayer, LayerState> next = [];
    readonly Stack<Action> undo = [];
    readonly List<Action> after = [];
    readonly bool isAlone;

    HostChange(bool isAlone) => this.isAlone = isAlone;

    /// <summary>A layer's list as the change leaves it.</summary>
    public LayerState this[AdaptedLayer host]
    {
        get => next.TryGetValue(host, out var state) ? state : host.State;
        set
        {
            var before = next.GetValueOrDefault(host);
            OnFailure(() =>
            {
                if (before is null) next.Remove(host);
                else next[host] = before;
            });
            next[host] = value;
        }
    }

    /// <summary>A layer's list now: of the change that this thread is making, else what was published.</summary>
    public static LayerState StateOf(AdaptedLayer host) => open is { } change ? change[host] : host.State;

    /// <summary>Takes something back, should the change or a part around this fail; the last comes first.</summary>
    public void OnFailure(Action takeBack) => undo.Push(takeBack);

    /// <summary>Does something once the change that this thread is making is published; at once where there is none.</summary>
    public static void Afterwards(Action act)
    {
        if (open is null)
        {
            act();
            return;
        }
        int count = open.after.Count;
        var own = open.after;
        open.OnFailure(() => own.RemoveRange(count, own.Count - count));
        own.Add(act);
    }

    // Whole or not at all, as a part of another too.
    void Make(Action<HostChange> make)
    {
        int made = undo.Count;
        try
        {
            make(this);
        }
        catch
        {
            while (undo.Count > made) undo.Pop()();
            throw;
        }
    }

    /// <summary>Makes a change; within another it is a part of that.</summary>
    /// <param name="make">Makes it. Where it throws, nothing is changed.</param>
    /// <param name="isAlone">Whether weights are exchanged, so that no call may be under way.</param>
    public static void Make(Action<HostChange> make, bool isAlone = false)
    {
        if (open is { } outer)
        {
            if (isAlone && !outer.isAlone)
                throw new LowrankException("weights are merged and given back by themselves, not among switches that are made together");
            outer.Make(make);
            return;
        }
        var change = new HostChange(isAlone);
        ModelCalls.Change(version =>
        {
            open = change;
            try { change.Make(make); }
            finally { open = null; }
            foreach (var (host, state) in change.next) host.Publish(state, version);
        }, isAlone);
        RunAll(change.after);
    }

    // The change is made: what one of them throws keeps none of the others from its part.
    static void RunAll(List<Action> after)
    {
        var failures = new List<Exception>();
        foreach (var act in after)
        {
            try { act(); }
            catch (Exception failure) { failures.Add(failure); }
        }
        if (failures.Count == 1) ExceptionDispatchInfo.Throw(failures[0]);
        if (failures.Count > 1) throw new AggregateException(failures);
    }
}

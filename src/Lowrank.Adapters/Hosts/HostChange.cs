namespace Lowrank.Adapters;

/// <summary>A change of several layers' lists that calls see whole or not at all.</summary>
sealed class HostChange
{
    [ThreadStatic] static HostChange? open;

    readonly Dictionary<AdaptedLayer, LayerState> next = [];

    readonly bool isAlone;

    HostChange(bool isAlone) => this.isAlone = isAlone;

    /// <summary>A layer's list as the change leaves it.</summary>
    public LayerState this[AdaptedLayer host]
    {
        get => next.TryGetValue(host, out var state) ? state : host.State;
        set => next[host] = value;
    }

    /// <summary>A layer's list now: of the change that this thread is making, else what was published.</summary>
    public static LayerState StateOf(AdaptedLayer host) => open is { } change ? change[host] : host.State;

    /// <summary>Makes a change; within another it is a part of that.</summary>
    /// <param name="make">Makes it. Where it throws, nothing is changed.</param>
    /// <param name="isAlone">Whether weights are exchanged, so that no call may be under way.</param>
    public static void Make(Action<HostChange> make, bool isAlone = false)
    {
        if (open is { } outer)
        {
            if (isAlone && !outer.isAlone)
                throw new LowrankException("weights are merged and given back by themselves, not among switches that are made together");
            make(outer);
            return;
        }
        var change = new HostChange(isAlone);
        ModelCalls.Change(version =>
        {
            open = change;
            try { make(change); }
            finally { open = null; }
            foreach (var (host, state) in change.next) host.Publish(state, version);
        }, isAlone);
    }
}

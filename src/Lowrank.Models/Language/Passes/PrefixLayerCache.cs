namespace Lowrank.Models;

/// <summary>Keys and values that were given, joined with the new ones by operators that gradients flow through: learnt prefixes, and rows
/// that are trained with a cache.</summary>
sealed class PrefixLayerCache(Tensor? keys = null, Tensor? values = null) : LayerCache
{
    Tensor? keys = keys?.alias().DetachFromDisposeScope(), values = values?.alias().DetachFromDisposeScope();

    internal override long? Seen => keys?.shape[1] ?? 0;

    public override Tensor? Keys => keys;

    public override Tensor? Values => values;

    public override (Tensor Keys, Tensor Values) Append(Tensor newKeys, Tensor newValues)
    {
        keys = Joined(keys, newKeys);
        values = Joined(values, newValues);
        return (keys, values);
    }

    static Tensor Joined(Tensor? held, Tensor added)
    {
        if (held is null) return added.alias().DetachFromDisposeScope();
        var joined = cat([held, added], 1).DetachFromDisposeScope();
        held.Dispose();
        return joined;
    }

    public override void Reorder(Tensor rows)
    {
        keys = FullLayerCache.Reordered(keys, rows);
        values = FullLayerCache.Reordered(values, rows);
    }

    public override bool Cut(long length, long dropped)
    {
        keys = Shortened(keys, length);
        values = Shortened(values, length);
        return true;
    }

    static Tensor? Shortened(Tensor? held, long length)
    {
        if (held is null || held.shape[1] <= length) return held;
        var shortened = held.narrow(1, 0, length).DetachFromDisposeScope();
        held.Dispose();
        return shortened;
    }

    public override void Dispose()
    {
        keys?.Dispose();
        values?.Dispose();
    }
}

namespace Lowrank.Models;

/// <summary>The last keys and values of a layer that sees no further back than its window.</summary>
/// <remarks>A token of a window of w sees itself and w - 1 before it: so many are held between passes.</remarks>
sealed class SlidingLayerCache(int window) : LayerCache
{
    const long Block = 256;

    readonly long most = window - 1;
    Tensor? keys, values;   // (B, capacity, key heads, D)
    long begin, end;        // what is held of them
    long seen;

    internal override long? Seen => seen;

    public override Tensor? Keys => keys?.narrow(1, begin, end - begin);

    public override Tensor? Values => values?.narrow(1, begin, end - begin);

    public override (Tensor Keys, Tensor Values) Append(Tensor newKeys, Tensor newValues)
    {
        long tokens = newKeys.shape[1];
        if (keys is null || end + tokens > keys.shape[1]) MakeRoom(newKeys, newValues);
        using (no_grad())
        {
            using var keyPlace = keys!.narrow(1, end, tokens);
            using var valuePlace = values!.narrow(1, end, tokens);
            keyPlace.copy_(newKeys).Dispose();
            valuePlace.copy_(newValues).Dispose();
        }
        end += tokens;
        seen += tokens;
        var visible = (Keys!, Values!);
        begin = Math.Max(begin, end - most);
        return visible;
    }

    // What is held goes to the beginning of a buffer that has room for the new ones and some more.
    void MakeRoom(Tensor newKeys, Tensor newValues)
    {
        long held = end - begin, tokens = newKeys.shape[1];
        long capacity = (held + tokens + most + Block - 1) / Block * Block;
        keys = Moved(keys, newKeys);
        values = Moved(values, newValues);
        (begin, end) = (0, held);

        Tensor Moved(Tensor? old, Tensor added)
        {
            var (batch, _, heads, width) = added.shape;
            var room = empty([batch, capacity, heads, width], added.dtype, added.device).DetachFromDisposeScope();
            if (old is null) return room;
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            room.narrow(1, 0, held).copy_(old.narrow(1, begin, held));
            old.Dispose();
            return room;
        }
    }

    public override void Reorder(Tensor rows)
    {
        keys = FullLayerCache.Reordered(keys, rows);
        values = FullLayerCache.Reordered(values, rows);
    }

    // Tokens that left the window are gone: without a gap only rows that never filled it can be cut.
    public override bool Cut(long length, long dropped)
    {
        if (dropped <= 0) return true;
        if (seen > most && length > 0) return false;
        end = Math.Max(begin, end - dropped);
        seen = Math.Min(seen, length);
        if (length == 0) Dispose();   // other rows may follow
        return true;
    }

    public override void Dispose()
    {
        keys?.Dispose();
        values?.Dispose();
        (keys, values, begin, end) = (null, null, 0, 0);
    }
}

namespace Lowrank.Models;

/// <summary>All keys and values of a layer, in memory that grows in blocks.</summary>
sealed class FullLayerCache : LayerCache
{
    const long Block = 256;

    Tensor? keys, values;   // (B, capacity, key heads, D)
    long length;
    ((long, long, long) Shape, ScalarType Dtype, long Capacity)? extended;   // what keys and values are, since the last Extend

    internal override long? Seen => length;

    public override Tensor? Keys => keys?.narrow(1, 0, length);

    public override Tensor? Values => values?.narrow(1, 0, length);

    public override (Tensor Keys, Tensor Values) Append(Tensor newKeys, Tensor newValues)
    {
        long tokens = newKeys.shape[1];
        extended = null;
        MakeRoom(newKeys.shape, newKeys.dtype, newKeys.device);
        using (no_grad())
        {
            using var keyPlace = keys!.narrow(1, length, tokens);
            using var valuePlace = values!.narrow(1, length, tokens);
            keyPlace.copy_(newKeys).Dispose();
            valuePlace.copy_(newValues).Dispose();
        }
        length += tokens;
        return (Keys!, Values!);
    }

    /// <summary>Has room for one more token a row, and counts it as there: its keys and values are to be written behind the
    /// others.</summary>
    /// <param name="shape">Rows, key heads, and numbers of each.</param>
    /// <param name="dtype">Of keys and values.</param>
    /// <param name="before">How many tokens went before, as the pass knows it.</param>
    /// <returns>Keys and values (B, capacity, key heads, D).</returns>
    /// <exception cref="ShapeException">The token does not fit what is held.</exception>
    public (Tensor Keys, Tensor Values) Extend((long Rows, long Heads, long Width) shape, ScalarType dtype, long before)
    {
        var (rows, heads, width) = shape;
        if (length != before)
            throw KeyValueCache.BrokenOff(length, before);
        bool hasRoom = extended is { } known && known.Shape == shape && known.Dtype == dtype && length < known.Capacity;
        if (!hasRoom)
        {
            MakeRoom([rows, 1, heads, width], dtype, CPU);
            extended = (shape, dtype, keys!.shape[1]);
        }
        length++;
        return (keys!, values!);
    }

    void MakeRoom(long[] added, ScalarType dtype, Device device)
    {
        if (keys is not null && !Fits(keys, added, dtype, device))
            throw new ShapeException($"a layer's cache holds keys (rows, tokens, heads, width) {Keys!.shape.Text()} of {keys.dtype} on " +
                $"{keys.device}, and {added.Text()} of {dtype} on {device} are to follow. Take a new cache for " +
                "other rows or another model.");
        keys = Room(keys, added, dtype, device);
        values = Room(values, added, dtype, device);
    }

    static bool Fits(Tensor held, long[] added, ScalarType dtype, Device device)
    {
        long[] shape = held.shape;
        bool isOfRows = shape[0] == added[0] && shape[2] == added[2] && shape[3] == added[3];
        return isOfRows && held.dtype == dtype && held.device_type == device.type;
    }

    Tensor Room(Tensor? held, long[] added, ScalarType dtype, Device device)
    {
        long wanted = length + added[1];
        if (held is not null && held.shape[1] >= wanted) return held;
        // A long row grows by an eighth, so that copying it stays a small part of its work.
        long capacity = (wanted + Math.Max(wanted / 8, 1) + Block - 1) / Block * Block;
        var (batch, _, heads, width) = added;
        var grown = empty([batch, capacity, heads, width], dtype, device).DetachFromDisposeScope();
        if (held is null) return grown;
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            grown.narrow(1, 0, length).copy_(held.narrow(1, 0, length));
        }
        held.Dispose();
        return grown;
    }

    public override void Reorder(Tensor rows)
    {
        extended = null;
        keys = Reordered(keys, rows);
        values = Reordered(values, rows);
    }

    internal static Tensor? Reordered(Tensor? held, Tensor rows)
    {
        if (held is null) return null;
        var reordered = held.index_select(0, rows).DetachFromDisposeScope();
        held.Dispose();
        return reordered;
    }

    public override bool Cut(long length, long dropped)
    {
        this.length = Math.Min(this.length, length);
        if (length == 0) Dispose();   // other rows may follow
        return true;
    }

    public override void Dispose()
    {
        keys?.Dispose();
        values?.Dispose();
        (keys, values, extended) = (null, null, null);
    }
}

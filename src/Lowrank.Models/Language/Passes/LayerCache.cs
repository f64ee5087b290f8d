namespace Lowrank.Models;

/// <summary>Keys and values of one layer, as they are after rotation, (B, S, key heads, D).</summary>
public abstract class LayerCache : IDisposable
{
    /// <summary>Keys that are held; null before the first.</summary>
    public abstract Tensor? Keys { get; }

    /// <summary>Values that are held; null before the first.</summary>
    public abstract Tensor? Values { get; }

    /// <summary>How many tokens were added, those that have left a window included; null where it is not counted.</summary>
    internal virtual long? Seen => null;

    /// <summary>Adds those of new tokens.</summary>
    /// <param name="keys">(B, T, key heads, D).</param>
    /// <param name="values">Of the same shape.</param>
    /// <returns>Those of all tokens that the new ones may see, the new ones last; valid until the next tokens are added.</returns>
    public abstract (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values);

    /// <summary>Puts rows in place of others: row i is then what row rows[i] was, for searches along several beams.</summary>
    /// <param name="rows">(B'), int64.</param>
    public abstract void Reorder(Tensor rows);

    /// <summary>Forgets all but the first tokens.</summary>
    /// <param name="length">How many stay.</param>
    /// <param name="dropped">How many of the last ones go.</param>
    /// <returns>Whether the layer still holds what it would hold after the first ones alone; false changes nothing.</returns>
    public abstract bool Cut(long length, long dropped);

    /// <summary>Frees them.</summary>
    public abstract void Dispose();
}

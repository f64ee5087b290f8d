namespace Lowrank.Formats;

/// <summary>How a dtype lays elements into bytes: one by one, or several whose bytes only tell them together.</summary>
/// <param name="Elements">Elements of a block, next to each other along the last axis; 1 for plain types.</param>
/// <param name="Bytes">Bytes of a block.</param>
public readonly record struct TensorBlock(int Elements, int Bytes)
{
    /// <summary>Bytes of a tensor of that shape; null where 63 bits cannot count them, or its rows are not whole blocks.</summary>
    public long? BytesOf(IReadOnlyList<long> shape)
    {
        if (!Fills(shape)) return null;
        // Axes of length 0 are left out until the end: strides are counted over the others, and must not overflow either.
        long bytes = Bytes;
        bool empty = false;
        for (int axis = 0; axis < shape.Count; axis++)
        {
            long blocks = axis == shape.Count - 1 ? shape[axis] / Elements : shape[axis];
            if (blocks == 0) empty = true;
            else if (bytes > long.MaxValue / blocks) return null;
            else bytes *= blocks;
        }
        return empty ? 0 : bytes;
    }

    /// <summary>Whether every row of a tensor of that shape is made of whole blocks.</summary>
    public bool Fills(IReadOnlyList<long> shape) => Elements == 1 || shape is [.., var row] && row % Elements == 0;
}

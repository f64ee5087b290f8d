namespace Lowrank.Formats;

/// <summary>Name, dtype and shape of one tensor in a file; knowing them loads no libtorch.</summary>
/// <param name="Name">Its key in the file.</param>
/// <param name="Dtype">Element type as stored.</param>
/// <param name="Shape">Axis lengths; empty for a scalar.</param>
public sealed record TensorInfo(string Name, TensorDtype Dtype, long[] Shape)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, axis) => product * axis);

    /// <summary>Bytes of its elements as stored.</summary>
    public long Bytes => Count / Dtype.Block.Elements * Dtype.Block.Bytes;
}

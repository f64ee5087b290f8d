namespace Lowrank.Formats;

/// <summary>A strided view of a storage.</summary>
/// <param name="Storage">Where its elements are.</param>
/// <param name="Dtype">Element type.</param>
/// <param name="Offset">First element, counted from the storage's first.</param>
/// <param name="Shape">Axis lengths.</param>
/// <param name="Strides">Elements between neighbours along each axis.</param>
sealed record PickledTensor(PickledStorage Storage, TensorDtype Dtype, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Number of elements.</summary>
    internal long Count => Shape.Aggregate(1L, (product, axis) => checked(product * axis));

    /// <summary>Elements of the storage from the first one used to the last.</summary>
    internal long Extent => Count == 0 ? 0 : checked(1 + Shape.Zip(Strides).Sum(axis => (axis.First - 1) * axis.Second));

    /// <summary>Whether the elements lie in order without gaps.</summary>
    internal bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int axis = Shape.Length - 1; axis >= 0; axis--)
            {
                if (Shape[axis] != 1 && Strides[axis] != expected) return false;
                expected *= Shape[axis];
            }
            return true;
        }
    }
}

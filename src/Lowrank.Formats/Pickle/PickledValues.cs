namespace Lowrank.Formats;

/// <summary>A name of Python's that a pickle mentions and that stands for something known to be harmless.</summary>
sealed record PickledName(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A run of bytes elsewhere in the file.</summary>
/// <param name="Key">Its name there.</param>
/// <param name="Dtype">Element type; U8 for an untyped one.</param>
/// <param name="Start">First element, counted in the storage of that key; other than 0 only for a view in a legacy file.</param>
/// <param name="Count">Number of elements.</param>
sealed record PickledStorage(string Key, TensorDtype Dtype, long Start, long Count)
{
    internal long Bytes => checked(Count * Dtype.Size());
}

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
    internal long Extent => Count == 0 ? 0 : 1 + Shape.Zip(Strides).Sum(axis => checked((axis.First - 1) * axis.Second));

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

/// <summary>A dictionary in the order of its pickle. Keys are plain values.</summary>
sealed class PickledDict
{
    internal List<(object? Key, object? Value)> Items { get; } = [];

    internal object? this[string name] => Items.LastOrDefault(item => item.Key is string key && key == name).Value;
}

/// <summary>A tuple; unlike a list, it never changes.</summary>
sealed record PickledTuple(object?[] Items);

/// <summary>A fault in a pickle; the reader of the file adds where that is.</summary>
sealed class PickleException(string message, long offset) : Exception(message)
{
    /// <summary>Byte of the pickle's stream at which it shows.</summary>
    internal long Offset { get; } = offset;
}

/// <summary>A fault in what a pickle holds, of no single byte.</summary>
sealed class PickleContentException(string message) : Exception(message);

namespace Lowrank.Formats;

/// <summary>A run of bytes elsewhere in the file.</summary>
/// <param name="Key">Its name there.</param>
/// <param name="Dtype">Element type; U8 for an untyped one.</param>
/// <param name="Start">First element, counted in the storage of that key; other than 0 only for a view in a legacy file.</param>
/// <param name="Count">Number of elements.</param>
sealed record PickledStorage(string Key, TensorDtype Dtype, long Start, long Count)
{
    internal long Bytes => checked(Count * Dtype.Size());
}

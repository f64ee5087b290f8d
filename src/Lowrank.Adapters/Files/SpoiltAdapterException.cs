namespace Lowrank.Adapters;

/// <summary>A part of an adapter holds NaN or infinity in the dtype in which it was to be written; nothing was written.</summary>
public sealed class SpoiltAdapterException(string message) : LowrankException(message)
{
    /// <summary>Throws where a tensor that is to be written is not finite.</summary>
    /// <param name="tensors">By their keys.</param>
    internal static void Check(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        foreach (var (key, value) in tensors)
        {
            if (ValueRange.AreFinite(value)) continue;
            throw new SpoiltAdapterException(value.dtype == ScalarType.Float16
                ? $"{key} does not fit into {value.dtype}: it would hold values that are not finite. Write bf16 or f32."
                : $"{key} holds values that are not finite, in {value.dtype} too: it does not fit, or its training has diverged. " +
                    "Nothing was written.");
        }
    }
}

namespace Lowrank.Formats;

/// <summary>One element as a number, without libtorch.</summary>
static class ScalarBytes
{
    /// <summary>Reads the next element of <paramref name="data"/>.</summary>
    internal static double Read(Stream data, TensorDtype dtype)
    {
        Span<byte> bytes = stackalloc byte[dtype.Block.Bytes];
        data.ReadExactly(bytes);
        return dtype.Number(bytes);
    }
}

namespace Lowrank.Formats;

/// <summary>The parts of a quantised weight, looked at before their memory is.</summary>
static class StoredTensor
{
    /// <summary>Address of the first element of a contiguous tensor on the CPU; it belongs to the caller's scope, which keeps it
    /// alive.</summary>
    /// <exception cref="LowrankException">It has another dtype.</exception>
    internal static nint Start(Tensor tensor, ScalarType dtype, string what)
    {
        if (tensor.dtype != dtype)
            throw new LowrankException($"{what} is {tensor.dtype} of shape {tensor.shape.Text()}, and {dtype} belongs there.");
        return MemoryRange.Of(tensor).First;
    }

    /// <summary>A tensor as floats, on the CPU and contiguous; it belongs to the caller's scope.</summary>
    internal static Tensor Floats(Tensor tensor) => tensor.to(ScalarType.Float32, CPU).contiguous();

    /// <summary>A tensor as it is, on the CPU and contiguous; it belongs to the caller's scope.</summary>
    internal static Tensor Plain(Tensor tensor) => tensor.cpu().contiguous();

    /// <summary>Makes sure of a shape.</summary>
    /// <exception cref="LowrankException">It has another.</exception>
    internal static void Require(Tensor tensor, long[] shape, string what)
    {
        if (!tensor.shape.AsSpan().SequenceEqual(shape))
            throw new LowrankException($"{what} has the shape {tensor.shape.Text()}, and {shape.Text()} belongs there.");
    }

    /// <summary>The group of each of so many things where groups of one size follow each other, int64; it belongs to the caller's
    /// scope.</summary>
    internal static Tensor Groups(long count, long size) =>
        arange(count, ScalarType.Int64, CPU).div(size, RoundingMode.floor).to(ScalarType.Int64);

    /// <summary>Runs a body over shares of so many things, by as many threads as libtorch has.</summary>
    internal static void Share(long count, Action<long, long> body)
    {
        const long Worthwhile = 64;
        int shares = count < Worthwhile ? 1 : Math.Max(1, get_num_threads());
        Shares.Run(count, shares, (_, first, end) => body(first, end));
    }
}

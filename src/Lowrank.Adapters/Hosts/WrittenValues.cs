namespace Lowrank.Adapters;

/// <summary>What tells whether somebody wrote into a tensor since: where its elements lie, how often they were written, and a few of
/// them.</summary>
/// <remarks>
/// Writing equal values counts as writing. A write past libtorch, through <c>bytes</c> or a pointer, is told by the few values alone, and
/// found where it changes many. Of a tensor that moved, to another device or to another dtype and back, they tell everything; of one in
/// another dtype nothing does.
/// </remarks>
sealed class WrittenValues
{
    // Each lies in a cache line of its own, which is what it costs.
    const int MostSampled = 32 * 32;

    readonly MemoryRange memory;
    readonly ScalarType dtype;
    readonly string device;
    readonly long version;
    readonly byte[] sample;

    WrittenValues(Tensor values) => (memory, dtype, device, version, sample) =
        (MemoryRange.Of(values), values.dtype, values.device.ToString(), values.Version(), Sample(values));

    /// <summary>A weight's; null where none is told, of weights that are rounded to few bits.</summary>
    public static WrittenValues? Of(IWeight weight)
    {
        using var scope = NewDisposeScope();   // some of TorchSharp's getters make a handle
        return weight is DenseWeight dense ? Of(dense.Dense()) : null;
    }

    /// <summary>A tensor's.</summary>
    public static WrittenValues Of(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return new(values);
    }

    /// <summary>Whether nobody wrote in between.</summary>
    /// <param name="later">Of the same weight or bias, later.</param>
    public bool StillStand(WrittenValues? later)
    {
        if (later is null || later.dtype != dtype) return true;
        bool isSame = sample.AsSpan().SequenceEqual(later.sample);
        // What moved begins to count anew, be it in the memory that it had before.
        bool hasMoved = later.device != device || later.memory != memory || later.version < version;
        return isSame && (hasMoved || later.version == version);
    }

    // Evenly spaced along every axis, of short ones all.
    static byte[] Sample(Tensor values)
    {
        if (values.device_type == DeviceType.META || values.numel() == 0) return [];
        var sample = values.detach();
        double left = MostSampled;
        long[] axes = [.. Enumerable.Range(0, (int)values.dim()).OrderBy(axis => values.shape[axis])];
        for (int i = 0; i < axes.Length; i++)
        {
            long size = values.shape[axes[i]], most = Math.Max(1, (long)Math.Pow(left, 1.0 / (axes.Length - i)));
            long step = (size + most - 1) / most;
            sample = sample.slice(axes[i], 0, size, step);
            left /= sample.shape[axes[i]];
        }
        return sample.cpu().contiguous().bytes.ToArray();
    }
}

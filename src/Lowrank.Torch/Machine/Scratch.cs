namespace Lowrank.Torch;

/// <summary>Memory that one tensor after another is worked in.</summary>
/// <remarks>
/// A page's first touch costs more than most of what is done in it, and the C library gives large blocks back to the system when they are
/// freed: a large matrix is made float32 many times faster in memory that was used before.
/// </remarks>
public sealed class Scratch : IDisposable
{
    readonly Dictionary<(ScalarType Dtype, string Device), Tensor> blocks = [];

    /// <summary>A contiguous tensor of undefined values. Its memory is the next one's of that dtype and device too, so that one of them is
    /// in use at a time. It belongs to the caller's scope.</summary>
    public Tensor Of(ScalarType dtype, long[] shape, Device? device = null)
    {
        device ??= CPU;
        long count = shape.Aggregate(1L, (product, axis) => product * axis);
        var key = (dtype, device.ToString());
        if (!blocks.TryGetValue(key, out var block) || block.numel() < count)
        {
            block?.Dispose();
            blocks[key] = block = HugePages.Empty(dtype, [count], device).DetachFromDisposeScope();
        }
        using var used = block.narrow(0, 0, count);
        return used.view(shape);
    }

    /// <summary>A copy in another dtype, or the same; as for <see cref="Of"/>.</summary>
    public Tensor Copy(Tensor values, ScalarType dtype) => Of(dtype, values.shape, values.device).copy_(values);

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach (var block in blocks.Values) block.Dispose();
        blocks.Clear();
    }
}

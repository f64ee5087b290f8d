namespace Lowrank.Adapters;

/// <summary>Numbers of rows, as a tensor on each device that asks for it.</summary>
sealed class RowIndex(long[] rows) : IDisposable
{
    readonly Dictionary<(DeviceType, int), Tensor> tensors = [];

    public int Count => rows.Length;

    /// <summary>The numbers on a device; they live until the block ends.</summary>
    public Tensor On(Device device)
    {
        lock (tensors)
        {
            if (tensors.TryGetValue((device.type, device.index), out var known)) return known;
            return tensors[(device.type, device.index)] = tensor(rows, device: device).DetachFromDisposeScope();
        }
    }

    public void Dispose()
    {
        foreach (var value in tensors.Values) value.Dispose();
        tensors.Clear();
    }
}

namespace Lowrank.Workbench;

/// <summary>Puts adapters and weights from files on the device that computes with them.</summary>
static class ComputeDevice
{
    /// <summary>Moves what an adapter holds; where it lies there already, nothing is done.</summary>
    public static void Place(Adapter adapter, Device device)
    {
        foreach (var reparameterization in adapter.Targets.Values) reparameterization.to(device);
    }

    /// <summary>A model's weights, each brought to a device when it is asked for.</summary>
    public static WeightSource Weights(ModelOutline model, Device device) =>
        device.type == DeviceType.CPU ? model.Weight : (target, part) => model.Weight(target, part)?.to(device);

    /// <summary>An edit of weights that is computed on a device and gives its answer on the CPU, where files are written.</summary>
    public static WeightEdit Edit(WeightMerge merge, Device device) => device.type == DeviceType.CPU
        ? new(merge.Touches, merge.Change)
        : new(merge.Touches, (name, own) =>
        {
            using var scope = NewDisposeScope();
            return scope.MoveToOuter(merge.Change(name, own.to(device)).cpu());
        });
}

namespace Lowrank.Graphs;

/// <summary>An adapter at a strength for one side of a model.</summary>
/// <param name="Adapter">The adapter; its loader's place in the cache owns it.</param>
/// <param name="Side">Which networks it changes; the file's other parts do nothing here.</param>
/// <param name="Strength">1 is what was trained.</param>
public sealed record AdapterChange(Adapter Adapter, ModelSide Side, double Strength) : WeightChange
{
    /// <inheritdoc/>
    public override IDisposable Apply(StableDiffusion model)
    {
        var own = Adapter.Targets.Values.Where(made => Side.Holds(made.Target.Path));
        // The parts in it stay when it leaves: they are the whole adapter's.
        return model.Describe().Attach(new Adapter(Adapter.Name, [.. own], Adapter.Metadata), Strength);
    }
}

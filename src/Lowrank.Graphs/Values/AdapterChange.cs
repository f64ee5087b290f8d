namespace Lowrank.Graphs;

/// <summary>An adapter at a strength for one side of a model.</summary>
/// <param name="Adapter">The adapter; its loader's place in the cache owns it.</param>
/// <param name="Side">Which networks it changes; the file's other parts do nothing here.</param>
/// <param name="Strength">1 is what was trained.</param>
public sealed record AdapterChange(Adapter Adapter, ModelSide Side, double Strength) : WeightChange
{
    /// <summary>
    /// Whether the strength counts twice where the method rotates (OFT, BOFT), as in ComfyUI 0.3.64: 0.7 acts as 0.49
    /// (comfy/weight_adapter/oft.py).
    /// </summary>
    public bool RotatesTwice { get; init; }

    /// <inheritdoc/>
    public override IDisposable Apply(StableDiffusion model)
    {
        var description = model.Describe();
        var own = Adapter.Targets.Values.Where(made => Side.Holds(made.Target.Path)).ToLookup(made => RotatesTwice && IsRotation(made));
        var held = new List<IDisposable>();
        try
        {
            foreach (var part in own)
            {
                double strength = part.Key ? Strength * Strength : Strength;
                held.Add(description.Attach(new Adapter(Adapter.Name, [.. part], Adapter.Metadata), strength));
            }
            return new Attached(held);
        }
        catch
        {
            held.ForEach(one => one.Dispose());
            throw;
        }
    }

    static bool IsRotation(Reparameterization made) => made.Method.Name is "oft" or "boft";

    // The parts of the adapters in it stay: they are the whole adapter's.
    sealed class Attached(List<IDisposable> held) : IDisposable
    {
        public void Dispose()
        {
            for (int i = held.Count - 1; i >= 0; i--) held[i].Dispose();
            held.Clear();
        }
    }
}

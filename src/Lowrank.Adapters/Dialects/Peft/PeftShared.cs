namespace Lowrank.Adapters;

/// <summary>Whether what all targets share has the sizes that PEFT gives it in each component's folder.</summary>
static class PeftShared
{
    // Projections are as wide as the widest layer of the module that PEFT wraps.
    static readonly string[] sized = ["vera", "pvera", "randlora"];

    /// <summary>Fails where a component's layers are narrower than a projection that it shares with another component's.</summary>
    /// <exception cref="LowrankException">PEFT would refuse the projections for their sizes.</exception>
    public static void Check(Adapter adapter, IReadOnlyList<ModelComponent> adapted)
    {
        if (adapted.Count < 2) return;
        var sizes = new Dictionary<string, (string Component, long Out, long In)>();
        foreach (var component in adapted)
            foreach (var group in Made(adapter, component).GroupBy(made => made.Method.Name))
            {
                var (outputs, inputs) = (group.Max(made => made.Target.Out), group.Max(made => made.Target.Columns));
                if (sizes.TryAdd(group.Key, (component.Name, outputs, inputs))) continue;
                var first = sizes[group.Key];
                if (first.Out == outputs && first.In == inputs) continue;
                throw new LowrankException(
                    $"PEFT keeps a folder for each component, and {group.Key}'s projections are shared by {first.Component} " +
                    $"(up to {first.Out} outputs and {first.In} inputs) and {component.Name} ({outputs} and {inputs}), " +
                    "which PEFT makes in other sizes; an adapter of one component can be written");
            }
    }

    static IEnumerable<Reparameterization> Made(Adapter adapter, ModelComponent component) =>
        from layer in component.Targets
        where adapter.Targets.ContainsKey(layer.Target.Path)
        let made = adapter.Targets[layer.Target.Path]
        where sized.Contains(made.Method.Name)
        select made;
}

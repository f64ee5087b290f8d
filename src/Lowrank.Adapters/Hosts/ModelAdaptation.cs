namespace Lowrank.Adapters;

/// <summary>What can be done with adapters on a model.</summary>
public static class ModelAdaptation
{
    /// <summary>Puts an adapter into the model's slots, after those that are there.</summary>
    /// <exception cref="LowrankException">The adapter names a layer that the model lacks.</exception>
    public static Attachment Attach(this ModelDescription model, Adapter adapter, double strength = 1) => new(model, adapter, strength);

    /// <summary>Works every attached adapter into the weights, in float32. The slots stay, and do nothing while merged.</summary>
    public static void Merge(this ModelDescription model)
    {
        foreach (var host in Hosts(model)) host.Merge();
    }

    /// <summary>Gives every merged layer its original bits back.</summary>
    public static void Unmerge(this ModelDescription model)
    {
        foreach (var host in Hosts(model)) host.Unmerge();
    }

    static IEnumerable<AdaptedLayer> Hosts(ModelDescription model) => model.Components.SelectMany(c => c.Targets).Select(t => t.Layer.Host).OfType<AdaptedLayer>();
}

namespace Lowrank.Adapters;

/// <summary>What can be done with adapters on a model.</summary>
public static class ModelAdaptation
{
    /// <summary>Puts an adapter into the model's slots, after those that are there.</summary>
    /// <remarks>Parts that lie on another device than their layer move there and are new tensors: attach before making an optimizer.</remarks>
    /// <exception cref="LowrankException">The adapter names a layer that the model lacks.</exception>
    public static Attachment Attach(this ModelDescription model, Adapter adapter, double strength = 1) => new(model, adapter, strength);

    /// <summary>Works every attached adapter into the weights, in float32, and keeps the original bits. All layers are merged or none.</summary>
    /// <remarks>Until <see cref="Unmerge"/> a merged adapter cannot be detached or change its strength; one attached meanwhile comes on top.</remarks>
    /// <exception cref="LowrankException">The model is merged already, or a value has no place in a weight's dtype.</exception>
    public static void Merge(this ModelDescription model)
    {
        var hosts = Hosts(model).ToList();
        if (hosts.Exists(host => host.IsMerged)) throw new LowrankException("the model is merged already; unmerge it first");
        try
        {
            foreach (var host in hosts) host.Merge();
        }
        catch
        {
            Unmerge(model);
            throw;
        }
    }

    /// <summary>Gives every merged layer its original bits back.</summary>
    public static void Unmerge(this ModelDescription model)
    {
        foreach (var host in Hosts(model)) host.Unmerge();
    }

    static IEnumerable<AdaptedLayer> Hosts(ModelDescription model) =>
        model.Components.SelectMany(c => c.Targets).Select(t => t.Layer.Host).OfType<AdaptedLayer>();
}

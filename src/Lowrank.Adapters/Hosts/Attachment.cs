namespace Lowrank.Adapters;

/// <summary>An adapter in a model's slots. Several may be attached at once; they add up in the order of attaching.</summary>
public sealed class Attachment : IDisposable
{
    readonly List<(AdaptedLayer Host, AdaptedLayer.Entry Entry, long CallsBefore)> places = [];
    double strength;

    internal Attachment(ModelDescription model, Adapter adapter, double strength)
    {
        Adapter = adapter;
        this.strength = strength;
        var layers = model.Components.SelectMany(c => c.Targets).ToDictionary(t => t.Target.Path, t => t.Layer);
        var lost = adapter.Targets.Keys.Where(path => !layers.ContainsKey(path)).ToList();
        if (lost.Count > 0)
            throw new LowrankException($"{adapter.Name} adapts {lost.Count} layers that the model does not have, such as {lost[0]} (nearest: {string.Join(", ", NearestNames.To(lost[0], layers.Keys))})");
        foreach (var (path, reparameterization) in adapter.Targets)
        {
            var host = AdaptedLayer.In(layers[path]);
            places.Add((host, host.Add(reparameterization, strength), host.Calls));
        }
    }

    /// <summary>The adapter.</summary>
    public Adapter Adapter { get; }

    /// <summary>The user's multiplier, on every target; 0 gives exactly the base.</summary>
    public double Strength
    {
        get => strength;
        set
        {
            foreach (var (_, entry, _) in places) entry.Strength = value;
            strength = value;
        }
    }

    /// <summary>Sets the strength of one component ("unet", "text_encoder") alone.</summary>
    public void SetStrength(string component, double value)
    {
        foreach (var (_, entry, _) in places)
            if (entry.Reparameterization.Target.Path.StartsWith(component + ".", StringComparison.Ordinal)) entry.Strength = value;
    }

    /// <summary>Throws if a target has taken no part in a forward pass since attaching: an adapter never silently does nothing.</summary>
    public void AssertUsed()
    {
        var idle = places.Where(p => p.Host.Calls == p.CallsBefore).Select(p => p.Entry.Reparameterization.Target.Path).ToList();
        if (idle.Count == 0) return;
        var advice = places.Exists(p => p.Host.Layer is SealedLayer)
            ? "Layers of TorchSharp can only be adapted where they are run by layer.call(x), not by layer.forward(x)."
            : "Was the component not run, or is it not meant to be adapted?";
        throw new LowrankException($"{idle.Count} of {places.Count} adapted layers took no part in the step, such as {string.Join(", ", idle.Take(3))}. {advice}");
    }

    /// <summary>Takes the adapter out of the slots.</summary>
    public void Detach()
    {
        foreach (var (host, entry, _) in places) host.Remove(entry);
        places.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Detach();
}

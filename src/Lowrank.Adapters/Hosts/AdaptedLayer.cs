namespace Lowrank.Adapters;

/// <summary>Sits in a layer's slot and holds its reparameterizations with their strengths, in order.</summary>
public sealed class AdaptedLayer(IAdaptable layer) : IAdapterHost
{
    readonly List<Entry> entries = [];
    Tensor? original;

    /// <summary>The layer.</summary>
    public IAdaptable Layer => layer;

    /// <summary>How often the layer was asked since the last look.</summary>
    public long Calls { get; private set; }

    /// <summary>The host that sits in a layer's slot; one is put there if the slot is free.</summary>
    /// <exception cref="LowrankException">Somebody else's host sits there.</exception>
    public static AdaptedLayer In(IAdaptable layer) => layer.Host switch
    {
        AdaptedLayer host => host,
        null => (AdaptedLayer)(layer.Host = new AdaptedLayer(layer)),
        var other => throw new LowrankException($"the layer's slot is taken by a {other.GetType().Name}; take that out first"),
    };

    /// <summary>Adds a reparameterization at the end of the list.</summary>
    public Entry Add(Reparameterization reparameterization, double strength)
    {
        var entry = new Entry(reparameterization) { Strength = strength };
        entries.Add(entry);
        return entry;
    }

    /// <summary>Takes one out; the slot is given back with the last one.</summary>
    public void Remove(Entry entry)
    {
        if (original is not null) throw new LowrankException($"{entry.Reparameterization.Target} is merged; unmerge before detaching");
        entries.Remove(entry);
        if (entries.Count == 0) layer.Host = null;
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor x, IAdaptable layer)
    {
        Calls++;
        if (original is not null) return layer.Run(x);
        var active = entries.FindAll(e => e.Strength != 0).ConvertAll(e => (e.Reparameterization, e.Strength));
        if (active.Count == 0) return layer.Run(x);
        if (active.Count == 1) return active[0].Reparameterization.Forward(x, layer, active[0].Strength);
        if (!active.TrueForAll(a => a.Reparameterization.HasBranch)) return Reparameterization.RunApplied(x, layer, active);
        var y = active[0].Reparameterization.Forward(x, layer, active[0].Strength);
        foreach (var (reparameterization, strength) in active.Skip(1)) y = y + reparameterization.Branch(x, layer, strength);
        return y;
    }

    /// <summary>Works the list into the weight, in float32, and keeps the original bits.</summary>
    /// <exception cref="LowrankException">It is merged already.</exception>
    public void Merge()
    {
        if (original is not null) throw new LowrankException("the layer is merged already; unmerge it first");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        original = layer.Weight.clone().DetachFromDisposeScope();
        var active = entries.FindAll(e => e.Strength != 0);
        if (active.Count == 0) return;
        var target = active[0].Reparameterization.Target;
        var matrix = target.ToMatrix(layer.Weight).to(ScalarType.Float32);
        foreach (var entry in active) matrix = entry.Reparameterization.Apply(matrix, entry.Strength);
        layer.SetWeight(target.FromMatrix(matrix).to(layer.Weight.dtype));
    }

    /// <summary>Puts the original bits back; it never subtracts.</summary>
    public void Unmerge()
    {
        if (original is null) return;
        layer.SetWeight(original);
        original.Dispose();
        original = null;
    }

    /// <summary>One reparameterization of the list.</summary>
    public sealed class Entry(Reparameterization reparameterization)
    {
        /// <summary>What it does.</summary>
        public Reparameterization Reparameterization => reparameterization;

        /// <summary>By how much; 0 leaves it out.</summary>
        public double Strength { get; set; }
    }
}

namespace Lowrank.Adapters;

/// <summary>Sits in a layer's slot and holds its reparameterizations with their strengths, in order.</summary>
/// <remarks>While merged, the weight answers and the list is closed: adding, removing and changing a strength are refused, as they would do nothing until unmerged.</remarks>
public sealed class AdaptedLayer(IAdaptable layer) : IAdapterHost
{
    readonly List<Entry> entries = [];
    Tensor? original;

    /// <summary>The layer.</summary>
    public IAdaptable Layer => layer;

    /// <summary>How often the layer was asked since the host moved in.</summary>
    public long Calls { get; private set; }

    /// <summary>Whether the list is worked into the weight.</summary>
    public bool IsMerged => original is not null;

    /// <summary>The host that sits in a layer's slot; one is put there if the slot is free.</summary>
    /// <exception cref="LowrankException">Somebody else's host sits there.</exception>
    public static AdaptedLayer In(IAdaptable layer) => layer.Host switch
    {
        AdaptedLayer host => host,
        null => (AdaptedLayer)(layer.Host = new AdaptedLayer(layer)),
        var other => throw new LowrankException($"the layer's slot is taken by a {other.GetType().Name}; take that out first"),
    };

    /// <summary>Adds a reparameterization at the end of the list; its parts move to the layer's device.</summary>
    /// <exception cref="LowrankException">The layer is merged.</exception>
    public Entry Add(Reparameterization reparameterization, double strength)
    {
        RefuseWhileMerged(reparameterization.Target);
        reparameterization.to(layer.Weight.device);
        var entry = new Entry(this, reparameterization, strength);
        entries.Add(entry);
        return entry;
    }

    /// <summary>Takes one out; the slot is given back with the last one.</summary>
    /// <exception cref="LowrankException">The layer is merged.</exception>
    public void Remove(Entry entry)
    {
        RefuseWhileMerged(entry.Reparameterization.Target);
        entries.Remove(entry);
        if (entries.Count == 0 && layer.Host == this) layer.Host = null;
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor x, IAdaptable layer)
    {
        Calls++;
        if (IsMerged) return layer.Run(x);
        var active = entries.FindAll(e => e.Strength != 0 && !e.Reparameterization.SitsOut()).ConvertAll(e => (e.Reparameterization, e.Strength));
        if (active.Count == 0) return layer.Run(x);
        if (active.Count == 1) return active[0].Reparameterization.Forward(x, layer, active[0].Strength);
        if (!active.TrueForAll(a => a.Reparameterization.HasBranch)) return Reparameterization.RunApplied(x, layer, active);
        var y = active[0].Reparameterization.Forward(x, layer, active[0].Strength);
        foreach (var (reparameterization, strength) in active.Skip(1)) y = y + reparameterization.Branch(x, layer, strength);
        return y;
    }

    /// <summary>Works the list into the weight, in float32, and keeps the original bits.</summary>
    /// <exception cref="LowrankException">It is merged already, or a value of the adapted weight has no place in the weight's dtype.</exception>
    public void Merge()
    {
        if (IsMerged) throw new LowrankException($"{Name} is merged already; unmerge it first");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var active = entries.FindAll(e => e.Strength != 0).ConvertAll(e => (e.Reparameterization, e.Strength));
        var before = layer.Weight.clone();
        if (active.Count > 0)
        {
            var merged = Reparameterization.Applied(layer.Weight, active).to(layer.Weight.dtype);
            if (!merged.isfinite().all().ToBoolean())
                throw new LowrankException($"{Name} merged with {entries.Count} adapters has values that {layer.Weight.dtype} cannot hold. Lower the strength, or keep the weights in bfloat16 or float32.");
            layer.SetWeight(merged);
        }
        original = before.DetachFromDisposeScope();
    }

    /// <summary>Puts the original bits back; it never subtracts.</summary>
    public void Unmerge()
    {
        if (original is null) return;
        layer.SetWeight(original);
        original.Dispose();
        original = null;
    }

    Target Name => entries[0].Reparameterization.Target;

    void RefuseWhileMerged(Target target)
    {
        if (IsMerged) throw new LowrankException($"{target} is merged: its weight answers, and the adapters' list is closed. Unmerge first.");
    }

    /// <summary>One reparameterization of the list.</summary>
    public sealed class Entry
    {
        readonly AdaptedLayer host;
        double strength;

        internal Entry(AdaptedLayer host, Reparameterization reparameterization, double strength) =>
            (this.host, Reparameterization, this.strength) = (host, reparameterization, Checked(strength));

        /// <summary>What it does.</summary>
        public Reparameterization Reparameterization { get; }

        /// <summary>By how much; 0 leaves it out, and a negative one works the other way.</summary>
        /// <exception cref="LowrankException">Not a finite number, or the layer is merged.</exception>
        public double Strength
        {
            get => strength;
            set
            {
                host.RefuseWhileMerged(Reparameterization.Target);
                strength = Checked(value);
            }
        }

        static double Checked(double strength) =>
            double.IsFinite(strength) ? strength : throw new LowrankException($"strength {strength} is not a finite number; strengths from 0 to 1 are usual");
    }
}

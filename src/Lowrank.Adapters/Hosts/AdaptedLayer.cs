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
    /// <exception cref="LowrankException">It is worked into the weight.</exception>
    public void Remove(Entry entry)
    {
        if (entry.IsMerged) throw new LowrankException($"{entry.Reparameterization.Target} is merged; unmerge before detaching");
        entries.Remove(entry);
        if (entries.Count == 0) layer.Host = null;
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor x, IAdaptable layer)
    {
        Calls++;
        var active = Active();
        if (active.Count == 0) return layer.Run(x);
        var (first, strength) = active[0];
        if (active.Count == 1) return first.Forward(x, layer, strength);
        return active.TrueForAll(a => a.Reparameterization.HasBranch)
            ? AddBranches(first.Forward(x, layer, strength), x, layer, active.Skip(1))
            : Reparameterization.RunApplied(x, layer, active);
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor x, IAdaptable layer, Tensor answer)
    {
        Calls++;
        var active = Active();
        return active.TrueForAll(a => a.Reparameterization.HasBranch)
            ? AddBranches(answer, x, layer, active)
            : Reparameterization.RunApplied(x, layer, active);
    }

    static Tensor AddBranches(Tensor y, Tensor x, IAdaptable layer, IEnumerable<(Reparameterization Reparameterization, double Strength)> active)
    {
        foreach (var (reparameterization, strength) in active) y = y + reparameterization.Branch(x, layer, strength);
        return y;
    }

    // What is merged stands in the weight; what was added since comes on top of it.
    List<(Reparameterization Reparameterization, double Strength)> Active() =>
        entries.FindAll(e => !e.IsMerged && e.Strength != 0).ConvertAll(e => (e.Reparameterization, e.Strength));

    /// <summary>Works the list into the weight, in float32, and keeps the original bits. What is added later comes on top.</summary>
    /// <exception cref="LowrankException">It is merged already.</exception>
    public void Merge()
    {
        if (original is not null) throw new LowrankException("the layer is merged already; unmerge it first");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        original = layer.Weight.detach().clone().DetachFromDisposeScope();
        var active = Active();
        foreach (var entry in entries) entry.IsMerged = true;
        if (active.Count == 0) return;
        var target = active[0].Reparameterization.Target;
        var matrix = target.ToMatrix(layer.Weight).to(ScalarType.Float32);
        foreach (var (reparameterization, strength) in active) matrix = reparameterization.Apply(matrix, strength);
        layer.SetWeight(target.FromMatrix(matrix).to(layer.Weight.dtype));
    }

    /// <summary>Puts the original bits back; it never subtracts.</summary>
    public void Unmerge()
    {
        if (original is null) return;
        layer.SetWeight(original);
        original.Dispose();
        original = null;
        foreach (var entry in entries) entry.IsMerged = false;
    }

    /// <summary>One reparameterization of the list.</summary>
    public sealed class Entry(Reparameterization reparameterization)
    {
        double strength;

        /// <summary>What it does.</summary>
        public Reparameterization Reparameterization => reparameterization;

        /// <summary>Whether it is worked into the weight.</summary>
        public bool IsMerged { get; internal set; }

        /// <summary>By how much; 0 leaves it out.</summary>
        /// <exception cref="LowrankException">It is worked into the weight and can no longer be changed.</exception>
        public double Strength
        {
            get => strength;
            set
            {
                if (IsMerged && value != strength) throw new LowrankException($"{reparameterization.Target} is merged at strength {strength}; unmerge before changing it");
                strength = value;
            }
        }
    }
}

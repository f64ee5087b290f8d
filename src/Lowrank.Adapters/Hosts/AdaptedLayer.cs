namespace Lowrank.Adapters;

/// <summary>Sits in a layer's slot and holds its reparameterizations with their strengths, in order.</summary>
/// <remarks>
/// What is merged stands in the weight: it cannot be removed or changed until it is unmerged. What is added later comes on top.
/// </remarks>
public sealed class AdaptedLayer(IAdaptable layer) : IAdapterHost
{
    readonly List<Entry> entries = [];
    readonly List<RowPlan> rowPlans = [];
    IFormerWeight? former;
    Tensor? formerBias;

    /// <summary>The layer.</summary>
    public IAdaptable Layer => layer;

    /// <summary>How often the layer was asked since the host moved in.</summary>
    public long Calls { get; private set; }

    // How often its weight was given away, and how often a gradient came back for it: a weight may be given to a module whose code passes
    // it over.
    internal long Given { get; private set; }

    internal long Reached { get; private set; }

    /// <summary>Whether a part of the list is worked into the weight.</summary>
    public bool IsMerged { get; private set; }

    /// <summary>What keeps it from being merged, or its list from being changed: a block that is open; null where there is none.</summary>
    internal string? OpenBlock =>
        rowPlans.Count > 0 ? nameof(ModelAdaptation.PerRow) : entries.Exists(e => e.Pauses > 0) ? Pause : null;

    static string Pause => $"{nameof(Attachment.Disabled)} or {nameof(ModelAdaptation.WithoutAdapters)}";

    /// <summary>The reparameterizations, in order.</summary>
    internal IReadOnlyList<Entry> Entries => entries;

    /// <summary>From now on each row has its own; the plan opened last counts.</summary>
    internal void Open(RowPlan plan) => rowPlans.Add(plan);

    /// <summary>Ends that plan.</summary>
    internal void Close(RowPlan plan) => rowPlans.Remove(plan);

    /// <summary>The host that sits in a layer's slot, or one that takes the slot with its first reparameterization.</summary>
    /// <exception cref="LowrankException">Somebody else's host sits there.</exception>
    public static AdaptedLayer In(IAdaptable layer) => layer.Host switch
    {
        null => new AdaptedLayer(layer),
        AdaptedLayer host => host,
        var other => throw new LowrankException($"the layer's slot is taken by a {other.GetType().Name}; take that out first"),
    };

    /// <summary>Adds a reparameterization at the end of the list; its parts move to the layer's device.</summary>
    /// <exception cref="LowrankException">
    /// The strength is not a finite number, another host took the slot meanwhile, or a block of <see cref="ModelAdaptation.PerRow"/> is
    /// open.
    /// </exception>
    public Entry Add(Reparameterization reparameterization, double strength)
    {
        RefuseInRows(reparameterization.Target, "attaching");
        var entry = new Entry(reparameterization) { Strength = strength };
        if (layer.Host is { } other && other != this)
        {
            string taken = $"the slot of {reparameterization.Target} is taken by another {other.GetType().Name}";
            throw new LowrankException($"{taken}; take that out first");
        }
        reparameterization.to(layer.Weight.Device);
        layer.Host = this;
        entries.Add(entry);
        return entry;
    }

    // A layer that is not ours tells of a move at its next call, and there may have been none since.
    void Follow()
    {
        var device = layer.Weight.Device;
        string place = device.ToString();
        if (entries.Exists(e => e.Reparameterization.Device is { } own && own.ToString() != place)) MoveTo(device);
    }

    /// <inheritdoc/>
    public void MoveTo(Device device)
    {
        foreach (var entry in entries) entry.Reparameterization.to(device);
    }

    /// <summary>Takes one out; the slot is given back with the last one.</summary>
    /// <exception cref="LowrankException">It is worked into the weight, or a block of <see cref="ModelAdaptation.PerRow"/> is
    /// open.</exception>
    public void Remove(Entry entry)
    {
        RefuseInRows(entry.Reparameterization.Target, "detaching");
        if (entry.IsMerged) throw new LowrankException($"{entry.Reparameterization.Target} is merged; unmerge before detaching");
        entries.Remove(entry);
        if (entries.Count == 0) layer.Host = null;
    }

    void RefuseInRows(Target target, string doing)
    {
        if (rowPlans.Count == 0) return;
        string advice = $"end the block of {nameof(ModelAdaptation.PerRow)} before {doing}";
        throw new LowrankException($"each row has its own adapter at {target}; {advice}");
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor x, IAdaptable layer)
    {
        Calls++;
        if (rowPlans.Count > 0) return rowPlans[^1].Forward(x, layer, null);
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
        if (rowPlans.Count > 0) return rowPlans[^1].Forward(x, layer, answer);
        var active = Active();
        return active.TrueForAll(a => a.Reparameterization.HasBranch)
            ? AddBranches(answer, x, layer, active)
            : Reparameterization.RunApplied(x, layer, active);
    }

    /// <inheritdoc/>
    public (Tensor Weight, Tensor? Bias)? Adapted(IAdaptable layer)
    {
        Calls++;
        if (rowPlans.Count > 0)
            throw new LowrankException($"{Place} is given one weight for all rows, as in a script, so that rows cannot have adapters " +
                "of their own; run each adapter's rows on their own");
        var active = Active();
        if (active.Count == 0) return null;
        Given++;
        var dtype = layer.Weight.Dtype;
        var weight = BuiltWeight.Make([.. active.SelectMany(a => a.Reparameterization.Trainable)],
            () => Reparameterization.Applied(layer.Weight.Dense(), active).to(dtype), () => Reached++);
        if (!active.Exists(a => a.Reparameterization.AdaptsBias)) return (weight, layer.Bias);
        return (weight, Reparameterization.AppliedBias(layer.Bias, layer.Weight.Dense, active)?.to(dtype));
    }

    static Tensor AddBranches(
        Tensor y, Tensor x, IAdaptable layer, IEnumerable<(Reparameterization Reparameterization, double Strength)> active)
    {
        foreach (var (reparameterization, strength) in active) y = y + reparameterization.Branch(x, layer, strength);
        return y;
    }

    List<(Reparameterization Reparameterization, double Strength)> Active() =>
        entries.FindAll(e => !e.IsMerged && e.Works && !e.Reparameterization.SitsOut())
            .ConvertAll(e => (e.Reparameterization, e.Strength));

    /// <summary>Works the list into the weight, in float32, and keeps the original bits; what is switched off is left out.</summary>
    /// <param name="scratch">Memory to work in.</param>
    /// <exception cref="LowrankException">It is merged already, a block that switches adapters is open, or the adapted weight has values
    /// that the weight's dtype cannot hold.</exception>
    public void Merge(Scratch scratch)
    {
        if (IsMerged) throw new LowrankException($"{Place} is merged already; unmerge it first");
        if (OpenBlock is { } block)
            throw new LowrankException($"adapters are switched at {Place}; end the block of {block} before merging");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Follow();
        var active = entries.FindAll(e => e.Works).ConvertAll(e => (e.Reparameterization, e.Strength));
        if (active.Count > 0)
        {
            var merged = Reparameterization.Applied(layer.Weight.Copied(scratch), active, overwrites: true);
            if (!layer.Weight.Holds(merged))
                throw new LowrankException($"{Place} merged with its adapters has values that {layer.Weight.Dtype} cannot hold. " +
                    "Lower the strength, or keep the weights in bfloat16 or float32.");
            MergeBias(active);
            former = layer.Weight.Replace(merged);
        }
        IsMerged = true;
        foreach (var entry in entries) entry.IsMerged = true;
    }

    void MergeBias(List<(Reparameterization Reparameterization, double)> active)
    {
        if (!active.Exists(a => a.Reparameterization.AdaptsBias)) return;
        if (Reparameterization.AppliedBias(layer.Bias, layer.Weight.Dense, active) is not { } merged) return;
        if (layer.Bias is not { } bias)
            throw new LowrankException(
                $"{Place} has no bias, and its adapter adds one: attach it rather than merging, or give the layer a bias");
        var before = bias.detach().clone();
        layer.SetBias(merged.to(bias.dtype));
        formerBias = before.DetachFromDisposeScope();
    }

    /// <summary>Puts the original bits back; it never subtracts.</summary>
    public void Unmerge()
    {
        if (!IsMerged) return;
        IsMerged = false;
        former?.Restore();
        former?.Dispose();
        former = null;
        if (formerBias is not null)
        {
            using var scope = NewDisposeScope();
            layer.SetBias(formerBias.to(layer.Bias!.dtype));
        }
        formerBias?.Dispose();
        formerBias = null;
        foreach (var entry in entries) entry.IsMerged = false;
    }

    Target Place => entries[0].Reparameterization.Target;

    /// <summary>One reparameterization of the list.</summary>
    public sealed class Entry(Reparameterization reparameterization)
    {
        double strength;
        bool active = true;

        /// <summary>What it does.</summary>
        public Reparameterization Reparameterization => reparameterization;

        /// <summary>Whether it is worked into the weight.</summary>
        public bool IsMerged { get; internal set; }

        /// <summary>By how much; 0 leaves it out, and a negative one works the other way.</summary>
        /// <exception cref="LowrankException">Not a finite number, or it is worked into the weight.</exception>
        public double Strength
        {
            get => strength;
            set
            {
                if (!double.IsFinite(value))
                    throw new LowrankException($"strength {value} is not a finite number; strengths from 0 to 1 are usual");
                if (value != strength) RefuseMerged("changing it");
                strength = value;
            }
        }

        /// <summary>Whether it is switched on; off, it is left out and keeps its strength.</summary>
        /// <exception cref="LowrankException">It is worked into the weight and can no longer be switched.</exception>
        public bool Active
        {
            get => active;
            set
            {
                if (value != active) RefuseMerged("switching it");
                active = value;
            }
        }

        /// <summary>How many open blocks leave it out, whatever the switch says.</summary>
        internal int Pauses { get; set; }

        /// <summary>Whether it changes anything now.</summary>
        internal bool Works => active && Pauses == 0 && strength != 0;

        /// <summary>Throws if it stands in the weight.</summary>
        internal void RefuseMerged(string doing)
        {
            if (!IsMerged) return;
            throw new LowrankException($"{reparameterization.Target} is merged at strength {strength}; unmerge before {doing}");
        }
    }
}

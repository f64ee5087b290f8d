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
    public Tensor Forward(Tensor x, IAdaptable layer) => Answer(x, null);

    /// <inheritdoc/>
    public Tensor Forward(Tensor x, IAdaptable layer, Tensor answer) => Answer(x, answer);

    Tensor Answer(Tensor x, Tensor? answer)
    {
        Calls++;
        using var mode = LayerMode.Of(layer.Training);
        var y = rowPlans.Count > 0
            ? rowPlans[^1].Forward(x, layer, answer)
            : new AdapterStack(layer, Active()).Forward(x, answer);
        return Anchored(y);
    }

    /// <inheritdoc/>
    public (Tensor Weight, Tensor? Bias)? Adapted(IAdaptable layer)
    {
        Calls++;
        if (rowPlans.Count > 0)
            throw new LowrankException($"{Place} is given one weight for all rows, as in a script, so that rows cannot have adapters " +
                "of their own; run each adapter's rows on their own");
        using var mode = LayerMode.Of(layer.Training);
        var active = Active();
        if (active.Count == 0) return MayBeLeftOut ? (Anchored(layer.Weight.Dense()), layer.Bias) : null;
        if (active.Find(a => a.Reparameterization.DropsBeside).Reparameterization is { } dropping)
            throw new LowrankException($"the dropout of {dropping.Method.Name} acts beside the weight, and {Place} is given one weight, " +
                "as in a script. Take module_dropout, or rank_dropout with dropout_style lycoris.");
        Given++;
        var dtype = layer.Weight.Dtype;
        bool trains = LayerMode.IsTraining;
        var weight = BuiltWeight.Make([.. active.SelectMany(a => a.Reparameterization.Trainable)], Built, () => Reached++);
        if (!active.Exists(a => a.Reparameterization.AdaptsBias)) return (weight, layer.Bias);
        return (weight, Reparameterization.AppliedBias(layer.Bias, layer.Weight.Dense, active)?.to(dtype));

        Tensor Built()
        {
            using var sameMode = LayerMode.Of(trains);
            return Reparameterization.Applied(layer.Weight.Dense(), active).to(dtype);
        }
    }

    bool MayBeLeftOut => is_grad_enabled() && entries.Exists(e => e.Reparameterization is { ModuleDropout: > 0, training: true });

    // Chance may leave every adapter of a step out: the step's backward then finds a graph all the same, that leads to none of them.
    Tensor Anchored(Tensor answer)
    {
        if (answer.requires_grad || !MayBeLeftOut) return answer;
        return answer + zeros([], answer.dtype, answer.device, requires_grad: true);
    }

    List<(Reparameterization Reparameterization, double Strength)> Active() => Listed(entries.FindAll(e =>
        !e.IsMerged && e.Works && !e.Reparameterization.SitsOut()));

    static List<(Reparameterization Reparameterization, double Strength)> Listed(List<Entry> entries) =>
        entries.ConvertAll(e => (e.Reparameterization, e.Strength));

    /// <summary>Works the list into the weight, in float32, and keeps the original bits; what is switched off is left out.</summary>
    /// <param name="scratch">Memory to work in.</param>
    /// <remarks>
    /// A weight that other layers share changes for them too: <see cref="ModelAdaptation.Merge(ModelDescription)"/> sees to that, this
    /// does not.
    /// </remarks>
    /// <exception cref="LowrankException">It is merged already, a block that switches adapters is open, or the adapted weight has values
    /// that the weight's dtype cannot hold.</exception>
    public void Merge(Scratch scratch)
    {
        RefuseMerging();
        using var scope = NewDisposeScope();
        Take(Merged(_ => true, layer.Weight.Copied(scratch)), _ => true);
    }

    /// <summary>Throws where nothing can be merged now.</summary>
    internal void RefuseMerging()
    {
        if (IsMerged) throw new LowrankException($"{Place} is merged already; unmerge it first");
        if (OpenBlock is { } block)
            throw new LowrankException($"adapters are switched at {Place}; end the block of {block} before merging");
    }

    /// <summary>
    /// Weight and bias with those of the list that are chosen and work, in float32 or wider; null for what stays as it is.
    /// </summary>
    /// <param name="chosen">Which are meant.</param>
    /// <param name="copy">The weight in memory that may be overwritten.</param>
    internal (Tensor? Weight, Tensor? Bias) Merged(Func<Entry, bool> chosen, Tensor copy)
    {
        using var grad = no_grad();
        using var mode = LayerMode.Of(training: false);
        Follow();
        var active = Listed(entries.FindAll(e => chosen(e) && e.Works));
        if (active.Count == 0) return (null, null);
        var weight = Reparameterization.Applied(copy, active, overwrites: true);
        if (!layer.Weight.Holds(weight))
            throw new LowrankException($"{Place} merged with its adapters has values that {layer.Weight.Dtype} cannot hold. " +
                "Lower the strength, or keep the weights in bfloat16 or float32.");
        if (!active.Exists(a => a.Reparameterization.AdaptsBias)) return (weight, null);
        var bias = Reparameterization.AppliedBias(layer.Bias, layer.Weight.Dense, active);
        if (bias is not null && layer.Bias is null)
            throw new LowrankException(
                $"{Place} has no bias, and its adapter adds one: attach it rather than merging, or give the layer a bias");
        return (weight, bias);
    }

    /// <summary>Exchanges weight and bias for merged ones, and keeps the original bits.</summary>
    /// <param name="merged">What stands for them; null for what stays as it is.</param>
    /// <param name="chosen">Which of the list are in it.</param>
    internal void Take((Tensor? Weight, Tensor? Bias) merged, Func<Entry, bool> chosen)
    {
        using var grad = no_grad();
        if (merged.Bias is { } bias)
        {
            var before = layer.Bias!.detach().clone();
            layer.SetBias(bias.to(layer.Bias.dtype));
            formerBias = before.DetachFromDisposeScope();
        }
        if (merged.Weight is { } weight) former = layer.Weight.Replace(weight);
        IsMerged = true;
        foreach (var entry in entries.Where(chosen)) entry.IsMerged = true;
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

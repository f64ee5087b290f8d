namespace Lowrank.Adapters;

/// <summary>Sits in a layer's slot and holds its reparameterizations with their strengths, in order.</summary>
/// <remarks>
/// What is merged stands in the weight: it cannot be removed or changed until it is unmerged. What is added later comes on top.
/// A call of the model sees the list as it was when the call began, see <see cref="ModelCalls"/>.
/// </remarks>
public sealed partial class AdaptedLayer(IAdaptable layer) : IAdapterHost
{
    readonly MergedBits bits = new(layer);
    volatile LayerState state = LayerState.Empty;
    int blocks;   // open ones, which choose what is or was attached here

    /// <summary>The layer.</summary>
    public IAdaptable Layer => layer;

    /// <summary>How often the layer was asked since the host moved in.</summary>
    public long Calls { get; private set; }

    /// <summary>Its weights, where it is given them.</summary>
    internal GivenWeights Weights { get; } = new(layer);

    /// <summary>Whether a part of the list is worked into the weight.</summary>
    public bool IsMerged => HostChange.StateOf(this).IsMerged;

    /// <summary>The list as it is now.</summary>
    internal LayerState State => state;

    /// <summary>The reparameterizations, in order.</summary>
    internal IEnumerable<Entry> Entries => HostChange.StateOf(this).Entries.Select(placed => placed.Entry);

    /// <summary>The host that sits in a layer's slot, or one that takes the slot with its first reparameterization.</summary>
    /// <exception cref="LowrankException">Somebody else's host sits there.</exception>
    public static AdaptedLayer In(IAdaptable layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Host switch
        {
            null => new AdaptedLayer(layer),
            AdaptedLayer host => host,
            var other => throw new LowrankException($"the layer's slot is taken by a {other.GetType().Name}; take that out first"),
        };
    }

    /// <summary>Adds a reparameterization at the end of the list; its parts move to the layer's device.</summary>
    /// <exception cref="LowrankException">
    /// The strength is not a finite number, another host took the slot meanwhile, or a block of <see cref="ModelAdaptation.PerRow"/> is
    /// open.
    /// </exception>
    public Entry Add(Reparameterization reparameterization, double strength) => Add(reparameterization, strength, active: true);

    /// <summary>The same, switched on or off.</summary>
    internal Entry Add(Reparameterization reparameterization, double strength, bool active)
    {
        ArgumentNullException.ThrowIfNull(reparameterization);
        RefuseInRows(reparameterization.Target, "attaching");
        Placed.RefuseInfinite(strength);
        var entry = new Entry(this, reparameterization);
        HostChange.Make(change =>
        {
            if (layer.Host is { } other && other != this)
            {
                string taken = $"the slot of {reparameterization.Target} is taken by another {other.GetType().Name}";
                throw new LowrankException($"{taken}; take that out first");
            }
            reparameterization.to(layer.Weight.Device);
            foreach (var part in reparameterization.Trainable) TrainedParts.SetUser(part, entry.Idle);
            if (layer.Host is null) change.OnFailure(GiveSlotBack);
            layer.Host = this;
            change[this] = change[this].With(new Placed(entry, strength, active, false));
        });
        return entry;
    }

    // A layer that is not ours tells of a move at its next call, and there may have been none since.
    void Follow()
    {
        var device = layer.Weight.Device;
        string place = device.ToString();
        if (Entries.Any(e => e.Reparameterization.Device is { } own && own.ToString() != place)) MoveTo(device);
    }

    /// <inheritdoc/>
    public void MoveTo(Device device)
    {
        foreach (var entry in Entries)
        {
            entry.Reparameterization.to(device);
            foreach (var part in entry.Reparameterization.Trainable) TrainedParts.SetUser(part, entry.Idle);
        }
    }

    /// <summary>Takes one out; the slot is given back with the last one.</summary>
    /// <exception cref="LowrankException">It is worked into the weight, or a block of <see cref="ModelAdaptation.PerRow"/> is
    /// open.</exception>
    public void Remove(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        RefuseInRows(entry.Reparameterization.Target, "detaching");
        HostChange.Make(change =>
        {
            if (entry.IsMerged) throw new LowrankException($"{entry.Reparameterization.Target} is merged; unmerge before detaching");
            change[this] = change[this].Without(entry);
        });
    }

    void RefuseInRows(Target target, string doing)
    {
        if (!CallChoice.InRows(this)) return;
        string advice = $"end the block of {nameof(ModelAdaptation.PerRow)} before {doing}";
        throw new LowrankException($"each row has its own adapter at {target}; {advice}");
    }

    /// <summary>Leaves the slot where nothing came to be attached.</summary>
    internal void GiveSlotBack()
    {
        if (state.Entries.Count == 0 && Volatile.Read(ref blocks) == 0 && layer.Host == this) layer.Host = null;
    }

    /// <summary>Stays in the slot until a block ends that chooses what is attached here: its calls are told what has left.</summary>
    internal void Enter() => Interlocked.Increment(ref blocks);

    /// <summary>The block has ended.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref blocks) == 0 && state.Entries.Count == 0) ModelCalls.Retire(GiveSlotBack);
    }

    /// <summary>Takes over a list that was made by a change of that version.</summary>
    internal void Publish(LayerState next, long version)
    {
        var before = state;
        next.Since = version;
        next.Before = before;
        state = next;
        ModelCalls.RetireAt(version, () =>
        {
            next.Before = null;
            before.Free();
            GiveSlotBack();
        });
    }

    /// <inheritdoc/>
    public Tensor Forward(Tensor x, IAdaptable layer) => Answer(x, null);

    /// <inheritdoc/>
    public Tensor Forward(Tensor x, IAdaptable layer, Tensor answer) => Answer(x, answer);

    /// <inheritdoc/>
    /// <remarks>Told of what is low-rank branches alone; other methods may follow more than their parts.</remarks>
    public object? Standing
    {
        get
        {
            if (CallChoice.IsMade) return null;
            using var mode = LayerMode.Of(layer.Training);
            var seen = state.At(ModelCalls.Version);
            if (JoinedBranches.PartsOf(seen.Working) is not { } parts) return null;
            var mark = WriteMark.Of(parts);
            return mark.IsCounted ? (seen.Since, mark) : null;
        }
    }

    Tensor Answer(Tensor x, Tensor? answer)
    {
        Calls++;
        var seen = state.At(ModelCalls.Version);
        using var mode = LayerMode.Of(layer.Training);
        if (CallChoice.RowsOf(this) is { } rows) return Anchored(rows.Forward(x, this, seen, answer), seen);
        var working = Working(seen);
        return Joined(working, seen, x) is { } joined
            ? joined.Forward(x, layer, answer)
            : Anchored(new AdapterStack(layer, Active(working)).Forward(x, answer), seen);
    }

    /// <inheritdoc/>
    public IRowBranch? BranchOf(IAdaptable layer, ScalarType dtype)
    {
        bool mayGoBack = is_grad_enabled() || Checkpoint.IsRepeated;
        if (mayGoBack || layer.Kind != LayerKind.Linear || CallChoice.RowsOf(this) is not null) return null;
        using var mode = LayerMode.Of(layer.Training);
        var working = Working(state.At(ModelCalls.Version));
        var thin = new ThinRows[working.Count];
        for (int i = 0; i < thin.Length; i++)
        {
            var (one, strength) = working[i];
            if (RowsOf(one, strength) is not { } rows) return null;
            thin[i] = rows;
        }
        return new RowBranch(this, thin);
    }

    // Read where the parts lie: nothing is copied that somebody might write into.
    static ThinRows? RowsOf(Reparameterization one, double strength)
    {
        bool mayBeLeftOut = one.ModuleDropout > 0 && one.training;
        if (mayBeLeftOut || one.Thin is not var (down, up, scale)) return null;
        var rows = new ThinRows(down, up, scale * strength);
        return rows.Suit(one.Target.In, one.Target.Out) ? rows : null;
    }

    // What is merged or switched off adds nothing, and is asked all the same.
    sealed class RowBranch(AdaptedLayer host, ThinRows[] thin) : IRowBranch
    {
        ThinRows[] IRowBranch.Begin()
        {
            host.Calls++;
            return thin;
        }
    }

    // Where nothing goes back, and chance leaves nothing out.
    JoinedBranches? Joined(IReadOnlyList<(Reparameterization, double)> working, LayerState seen, Tensor x)
    {
        bool mayGoBack = is_grad_enabled() || Checkpoint.IsRepeated;
        if (working.Count == 0 || mayGoBack || !x.is_floating_point()) return null;
        return seen.Joined(working, layer, x);
    }

    /// <inheritdoc/>
    public (Tensor Weight, Tensor? Bias)? Adapted(IAdaptable layer)
    {
        Calls++;
        var seen = state.At(ModelCalls.Version);
        if (CallChoice.RowsOf(this) is { } rows)
        {
            rows.RefuseMerged(seen);
            if (rows.IsBase) return null;
            throw new LowrankException($"{seen.Place} is given one weight for all rows, as in a script or a recurrent layer, so that " +
                "rows cannot have adapters of their own; run each adapter's rows on their own");
        }
        using var mode = LayerMode.Of(layer.Training);
        var active = Active(Working(seen));
        if (active.Count == 0) return MayBeLeftOut(seen) ? (Anchored(layer.Weight.Dense(), seen), layer.Bias) : null;
        return Weights.Build(active, seen.Place);
    }

    static bool MayBeLeftOut(LayerState seen) =>
        is_grad_enabled() && seen.Entries.Any(e => e.Entry.Reparameterization is { ModuleDropout: > 0, training: true });

    // Chance may leave every adapter of a step out: the step's backward then finds a graph all the same, that leads to none of them.
    static Tensor Anchored(Tensor answer, LayerState seen)
    {
        if (!is_grad_enabled()) return answer;
        if (answer.requires_grad || !MayBeLeftOut(seen)) return answer;
        return answer + zeros([], answer.dtype, answer.device, requires_grad: true);
    }

    // What the blocks around this call and the switches say.
    IReadOnlyList<(Reparameterization Reparameterization, double Strength)> Working(LayerState seen) =>
        CallChoice.IsMade ? CallChoice.Working(this, seen) : seen.Working;

    // And what of it chance leaves in this call.
    static IReadOnlyList<(Reparameterization Reparameterization, double Strength)> Active(
        IReadOnlyList<(Reparameterization Reparameterization, double Strength)> working) =>
        working.Any(one => one.Reparameterization.ModuleDropout > 0)
            ? [.. working.Where(one => !one.Reparameterization.SitsOutOfCall())]
            : working;

    /// <summary>Works the list into the weight, in float32 or nearly as exactly (<see cref="BFloat16Merge"/>), and keeps the original bits;
    /// what is switched off is left out.</summary>
    /// <param name="scratch">Memory to work in.</param>
    /// <remarks>
    /// A weight that other layers share changes for them too: <see cref="ModelAdaptation.Merge(ModelDescription)"/> sees to that, this
    /// does not.
    /// </remarks>
    /// <exception cref="LowrankException">It is merged already, a block that switches adapters is open, or the adapted weight has values
    /// that the weight's dtype cannot hold.</exception>
    public void Merge(Scratch scratch) => HostChange.Make(change =>
    {
        RefuseMerging();
        using var scope = NewDisposeScope();
        Take(change, Merged(_ => true, () => layer.Weight.Copied(scratch), isRounded: true), _ => true);
        Remember();
    }, isAlone: true);

    /// <summary>Throws where nothing can be merged now.</summary>
    internal void RefuseMerging()
    {
        var now = HostChange.StateOf(this);
        if (now.IsMerged) throw new LowrankException($"{now.Place} is merged already; unmerge it first");
        if (CallChoice.BlockOver(this) is { } block)
            throw new LowrankException($"adapters are switched at {now.Place}; end the block of {block} before merging");
    }

    /// <summary>Weight and bias with those of the list that are chosen and work; null for what stays as it is.</summary>
    /// <param name="chosen">Which are meant.</param>
    /// <param name="copy">Gives the weight in float32 or wider, in memory that may be overwritten.</param>
    /// <param name="isRounded">Whether the weight may come in its own dtype, where that is faster; else it is float32 or wider, as the bias
    /// is.</param>
    internal (Tensor? Weight, Tensor? Bias) Merged(Func<Entry, bool> chosen, Func<Tensor> copy, bool isRounded)
    {
        using var grad = no_grad();
        using var mode = LayerMode.Of(training: false);
        Follow();
        var now = HostChange.StateOf(this);
        var active = now.Entries.Where(e => chosen(e.Entry) && e.Works).Select(e => (e.Entry.Reparameterization, e.Strength)).ToList();
        if (active.Count == 0) return (null, null);
        RefuseReplaced(active[0].Reparameterization.Target);
        var rounded = isRounded ? BFloat16Merge.Of(layer.Weight, active) : null;
        var weight = rounded ?? Reparameterization.Applied(copy(), active, overwrites: true);
        if (!layer.Weight.Holds(weight)) throw Unheld(now, chosen);
        if (!active.Exists(a => a.Reparameterization.AdaptsBias)) return (weight, null);
        var bias = Reparameterization.AppliedBias(layer.Bias, layer.Weight.Dense, active);
        if (bias is not null && layer.Bias is null)
            throw new LowrankException(
                $"{now.Place} has no bias, and its adapter adds one: attach it rather than merging, or give the layer a bias");
        if (bias is not null && !ValueRange.AreFinite(bias)) throw UnheldBias(now, chosen);
        return (weight, bias);
    }

    // Whoever holds the layer may have put another parameter into it.
    void RefuseReplaced(Target target)
    {
        using var scope = NewDisposeScope();   // some of TorchSharp's getters make a handle
        var (weight, bias) = (layer.Weight.Shape, layer.Bias?.shape);
        if (!weight.AsSpan().SequenceEqual(target.WeightShape)) throw Replaced("weight", weight, target.WeightShape);
        long[] biasThen = target.Kind == LayerKind.Norm ? target.WeightShape : [target.Out];
        if (bias is not null && !bias.AsSpan().SequenceEqual(biasThen)) throw Replaced("bias", bias, biasThen);

        LowrankException Replaced(string what, long[] now, long[] then) => new(
            $"the {what} of {target.Path} has shape {now.Text()}, and had {then.Text()} when its adapter was attached: it was replaced " +
            "since. Detach the adapter, and attach one that is made for the new shape.");
    }

    // Looked for where the result tells that something is not finite: it costs as much as a small merge.
    static void RefuseSpoilt(LayerState now, Func<Entry, bool> chosen)
    {
        foreach (var one in now.Entries.Where(e => chosen(e.Entry) && e.Works))
            SpoiltParts.Refuse(one.Entry.Reparameterization, one.Entry.Attachment?.Name, "merged");
    }

    static LowrankException UnheldBias(LayerState now, Func<Entry, bool> chosen)
    {
        RefuseSpoilt(now, chosen);
        return new($"the bias of {now.Place} merged with its adapters holds NaN or infinity; lower the strength, or look whether the " +
            "layer's own bias does");
    }

    LowrankException Unheld(LayerState now, Func<Entry, bool> chosen)
    {
        RefuseSpoilt(now, chosen);
        using var scope = NewDisposeScope();
        if (!ValueRange.AreFinite(layer.Weight.Dense()))
            return new($"the weight of {now.Place} holds NaN or infinity before anything is merged into it: was it loaded, or left as it " +
                "was when it was made? Load or initialize it first.");
        return new($"{now.Place} merged with its adapters has values that {layer.Weight.Dtype} cannot hold. " +
            "Lower the strength, or keep the weights in bfloat16 or float32.");
    }

    /// <summary>Exchanges weight and bias for merged ones, and keeps the original bits.</summary>
    /// <param name="change">The change, which no call sees.</param>
    /// <param name="merged">What stands for them; null for what stays as it is.</param>
    /// <param name="chosen">Which of the list are in it.</param>
    internal void Take(HostChange change, (Tensor? Weight, Tensor? Bias) merged, Func<Entry, bool> chosen)
    {
        bits.Take(merged);
        change[this] = change[this].Merged(chosen);
        Tell(change[this].Entries);
    }

    /// <summary>Remembers what merging wrote, once all layers have it.</summary>
    internal void Remember() => bits.Remember();

    /// <summary>Throws where the bits to be given back would take the place of values that merging did not write.</summary>
    internal void RefuseEdited()
    {
        if (!bits.AreEdited) return;
        var place = HostChange.StateOf(this).Place;
        throw new LowrankException($"{place} was loaded or changed since it was merged, and giving the bits of before back would lose " +
            "that. Save what you need of it, then Unmerge(discardEdits: true); weights are loaded into a model that is not merged.");
    }

    // An optimizer tells whoever trains what stands in the weight.
    static void Tell(IEnumerable<Placed> list)
    {
        foreach (var placed in list)
            foreach (var part in placed.Entry.Reparameterization.Trainable) TrainedParts.SetMerged(part, placed.IsMerged);
    }

    /// <summary>Lets go of the original bits and of the list: what is merged stays in the weight for good.</summary>
    internal void Keep(HostChange change)
    {
        bits.LetGo();
        change[this] = new([], false);
    }

    /// <summary>Puts the original bits back; it never subtracts.</summary>
    /// <exception cref="LowrankException">Weight or bias was written into since it was merged, be it with equal values.</exception>
    public void Unmerge() => HostChange.Make(change =>
    {
        RefuseEdited();
        GiveBack(change);
    }, isAlone: true);

    /// <summary>The same within a change.</summary>
    internal void GiveBack(HostChange change)
    {
        bits.GiveBack();
        if (!change[this].IsMerged) return;
        change[this] = change[this].Unmerged();
        Tell(change[this].Entries);
    }
}

namespace Lowrank;

/// <summary>An adapter in a model's slots. Several may be attached at once; they work in the order of attaching.</summary>
public sealed class Attachment : IDisposable
{
    readonly HashSet<AdaptedLayer> hosts = [];
    readonly List<FrozenParameters> frozen = [];
    readonly ModelDescription model;
    readonly bool ownsAdapter;
    volatile List<Place> places = [];   // exchanged, never changed: other threads read it
    Dictionary<string, TargetPlace>? placesByPath;
    double strength;
    bool active, isDetached;

    sealed record Place(AdaptedLayer Host, AdaptedLayer.Entry Entry)
    {
        readonly (long Calls, long Given, long Reached) before = (Host.Calls, Host.Weights.Given, Host.Weights.Reached);

        public Target Target => Entry.Reparameterization.Target;

        public bool WasAsked => Host.Calls > before.Calls;

        public bool WasReached => Host.Weights.Reached > before.Reached;

        // Its weight stood ready, and no gradient came back.
        public bool WasPassedOver => Host.Weights.Given > before.Given && !WasReached;
    }

    internal Attachment(
        ModelDescription model, Adapter adapter, double strength, bool freezeBase = true, bool ownsAdapter = false, bool active = true)
    {
        (Adapter, Name) = (adapter, adapter.Name);
        this.model = model;
        this.ownsAdapter = ownsAdapter;
        (this.strength, this.active) = (strength, active);
        try
        {
            var layers = model.LayersByPath;
            RefuseOtherModel(layers);
            foreach (var component in model.Components) ModelCalls.Follow(component.Module);
            HostChange.Make(change => TakePlaces(change, layers, freezeBase));
        }
        catch
        {
            if (ownsAdapter) adapter.Dispose();
            throw;
        }
    }

    // Attached whole or not at all.
    void TakePlaces(HostChange change, IReadOnlyDictionary<string, IAdaptable> layers, bool freezeBase)
    {
        change.OnFailure(() =>
        {
            places = [];
            Thaw();
        });
        if (freezeBase) frozen.AddRange(model.Components.Select(component => FrozenParameters.Under(component.Module)));
        var taken = new List<Place>();
        foreach (var (path, reparameterization) in Adapter.Targets)
        {
            var host = AdaptedLayer.In(layers[path]);
            var entry = host.Add(reparameterization, strength, active);
            entry.Attachment = this;
            taken.Add(new(host, entry));
            hosts.Add(host);
        }
        places = taken;
        if (Adapter.Prompt is null) return;
        RefusePart(strength);
        PromptHost.Add(model, this);
        change.OnFailure(() => PromptHost.Remove(model, this));
    }

    /// <summary>Throws for a strength that virtual tokens do not have: they stand before a row, or do not.</summary>
    internal void RefusePart(double strength)
    {
        if (Adapter.Prompt is null || strength is 0 or 1) return;
        throw new LowrankException($"{Adapter.Name} puts virtual tokens before every row, which are there or not: its strength is 1 " +
            $"or 0, and not {PlainValue.Text(strength)}");
    }

    void Thaw()
    {
        frozen.ForEach(parameters => parameters.Dispose());
        frozen.Clear();
    }

    void RefuseOtherModel(IReadOnlyDictionary<string, IAdaptable> layers)
    {
        var lost = Adapter.Targets.Keys.Where(path => !layers.ContainsKey(path)).ToList();
        if (lost.Count > 0)
            throw new LowrankException($"{Adapter.Name} adapts {lost.Count} layers that the model does not have, such as {lost[0]} " +
                $"(nearest: {string.Join(", ", NearestNames.To(lost[0], layers.Keys))})");
        foreach (var (path, reparameterization) in Adapter.Targets) RefuseOtherShape(reparameterization, layers[path]);
        foreach (var paths in Adapter.Targets.Keys.GroupBy(path => layers[path], ReferenceEqualityComparer.Instance))
            if (paths.ToList() is [var first, var second, ..])
                throw new LowrankException($"{Adapter.Name} adapts {first} and {second}, which are one layer in this model. " +
                    "Adapt it under one of its names.");
    }

    void RefuseOtherShape(Reparameterization made, IAdaptable layer)
    {
        var (target, shape) = (made.Target, layer.Weight.Shape);
        bool isSameKind = target.Kind == layer.Kind && target.WeightShape.AsSpan().SequenceEqual(shape);
        if (isSameKind) return;
        throw new LowrankException($"{Adapter.Name} was made for a {target.Kind} of shape {target.WeightShape.Text()} at {target.Path}, " +
            $"and the model has a {layer.Kind} of {shape.Text()} there. Is it an adapter of a larger or smaller model?");
    }

    /// <summary>The adapter.</summary>
    public Adapter Adapter { get; }

    /// <summary>What it is called on the model: the adapter's own name where it was given none.</summary>
    internal string Name { get; set; }

    /// <summary>What the patterns that it was made with match and it does not adapt, with the reason: norms of a LoRA over <c>*</c>,
    /// a parameter in no layer.</summary>
    public IReadOnlyList<UnadaptableLayer> PassedOver { get; init; } = [];

    /// <summary>The user's multiplier, on every target; 0 gives exactly the base.</summary>
    /// <exception cref="LowrankException">Not a finite number, or the adapter is merged or no longer attached.</exception>
    public double Strength
    {
        get => strength;
        set
        {
            RequireAttached("a strength");
            RefusePart(value);
            HostChange.Make(change =>
            {
                foreach (var place in places) place.Entry.Strength = value;
                double before = strength;
                change.OnFailure(() => strength = before);
                strength = value;
            });
        }
    }

    /// <summary>Whether it is in the model's slots.</summary>
    public bool IsAttached => places.Count > 0 || PromptHost.On(model).Contains(this);

    // What was taken out would keep a setting that nothing heeds.
    void RequireAttached(string what)
    {
        if (isDetached)
            throw new LowrankException($"{Adapter.Name} was taken out of the model's slots, where {what} means nothing. Attach it again.");
    }

    /// <summary>Whether it is worked into a weight.</summary>
    public bool IsMerged => places.Exists(place => place.Entry.IsMerged);

    /// <summary>Sets the strength of one component ("unet", "text_encoder") alone.</summary>
    /// <exception cref="LowrankException">Not a finite number, the adapter is merged or no longer attached, or the model has no such
    /// component: those that it has are named.</exception>
    public void SetStrength(string component, double value)
    {
        ArgumentNullException.ThrowIfNull(component);
        RequireAttached("a strength");
        if (!model.Components.Any(one => one.Name == component))
            throw new LowrankException($"the model has no component \"{component}\" whose strength could be set; it has " +
                string.Join(", ", model.Components.Select(one => one.Name)));
        var own = places.FindAll(place => place.Target.Path.StartsWith(component + ".", StringComparison.Ordinal));
        HostChange.Make(_ => own.ForEach(place => place.Entry.Strength = value));
    }

    /// <summary>The strength at a layer; null where it adapts none of that path.</summary>
    public double? StrengthAt(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return places.Find(place => place.Target.Path == path)?.Entry.Strength;
    }

    /// <summary>Sets the strength of each layer by its place: of components, blocks, single layers.</summary>
    /// <exception cref="LowrankException">Not a finite number, or the adapter is merged or no longer attached.</exception>
    public void SetStrengths(Func<TargetPlace, double> strength)
    {
        ArgumentNullException.ThrowIfNull(strength);
        RequireAttached("a strength");
        placesByPath ??= TargetPlace.In(model).ToDictionary(place => place.Target.Path);
        HostChange.Make(_ =>
        {
            foreach (var place in places) place.Entry.Strength = strength(placesByPath[place.Target.Path]);
        });
    }

    /// <summary>Whether it works at all; off, it changes nothing and keeps its strengths.</summary>
    /// <exception cref="LowrankException">The adapter is merged or no longer attached.</exception>
    public bool Active
    {
        get => active;
        set
        {
            RequireAttached("a switch");
            HostChange.Make(change =>
            {
                foreach (var place in places) place.Entry.Active = value;
                bool before = active;
                change.OnFailure(() => active = before);
                active = value;
            });
        }
    }

    /// <summary>
    /// Leaves it out of the calls made within the block; outside of it, on other threads too, it is as its switch says. Blocks may lie in
    /// one another.
    /// </summary>
    /// <returns>The block, to be disposed of.</returns>
    /// <exception cref="LowrankException">The adapter is merged or no longer attached.</exception>
    public IDisposable Disabled()
    {
        RequireAttached("a pause");
        return new PausedAdapters(places.Select(place => place.Entry), [this]);
    }

    /// <summary>Its part in a layer; null where it has none.</summary>
    internal AdaptedLayer.Entry? At(AdaptedLayer host) => places.Find(place => place.Host == host)?.Entry;

    /// <summary>Throws if a target has taken no part in a forward pass since attaching: an adapter never silently does nothing.</summary>
    /// <remarks>
    /// Layers that are given another weight, as those of a <see cref="ScriptModel"/>, are known to have used it once a backward pass has
    /// come by.
    /// </remarks>
    /// <exception cref="LowrankException">One did not, or the adapter is no longer attached.</exception>
    public void AssertUsed()
    {
        RequireAttached("its use");
        bool tells = places.Exists(p => p.WasReached);
        var idle = places.Where(p => !p.WasAsked || tells && p.WasPassedOver).ToList();
        if (idle.Count == 0) return;
        var advice = idle.Exists(p => p.Host.Layer is SealedLayer or SealedWeight)
            ? "Layers of TorchSharp can only be adapted where they are run by layer.call(x), not by layer.forward(x)."
            : "Was the component not run, or is it not meant to be adapted?";
        if (idle.Exists(p => p.Host.Layer is SealedWeight { Within: "LSTM" or "GRU" or "RNN" }))
            advice += " A recurrent layer is not adapted where it is given packed sequences: give it padded ones.";
        string some = string.Join(", ", idle.Take(3).Select(place => place.Target.Path));
        throw new LowrankException($"{idle.Count} of {places.Count} adapted layers took no part in the step, such as {some}. {advice}");
    }

    /// <summary>Takes the adapter out of the slots.</summary>
    /// <exception cref="LowrankException">It is merged, or a block of <see cref="ModelAdaptation.PerRow"/> is open.</exception>
    public void Detach()
    {
        if (places.Find(place => place.Entry.IsMerged) is { } merged)
            throw new LowrankException($"{Adapter.Name} is merged, as at {merged.Target}; unmerge before detaching");
        HostChange.Make(change =>
        {
            var left = places;
            foreach (var place in left) place.Host.Remove(place.Entry);
            bool before = isDetached;
            change.OnFailure(() => (places, isDetached) = (left, before));
            (places, isDetached) = ([], true);
            PromptHost.Remove(model, this);
            HostChange.Afterwards(Thaw);
        });
    }

    /// <summary>
    /// Takes the adapter out of the slots. Layers that it is merged into get their original bits back first, and what was merged beside it
    /// is merged again. An adapter that was made by <see cref="ModelAdaptation.Adapt"/> is freed.
    /// </summary>
    public void Dispose()
    {
        if (places.Exists(place => place.Entry.IsMerged)) new ModelMerge(model).Without(places.ConvertAll(place => place.Entry));
        Detach();
        if (ownsAdapter) HostChange.Afterwards(Adapter.Dispose);
    }

    /// <summary>Whether it was attached to a layer, be it still there or not.</summary>
    internal bool WasOn(AdaptedLayer host) => hosts.Contains(host);
}

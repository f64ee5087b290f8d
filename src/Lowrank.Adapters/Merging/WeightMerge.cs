namespace Lowrank.Adapters;

/// <summary>
/// Adapters merged into a model's weights, one weight at a time: W' is W taken through each adapter in order, by the formula that every
/// method has.
/// </summary>
/// <remarks>
/// Names of weights are target path and part, <c>unet.conv_in.weight</c>, or of a module of several weights the parameter's:
/// <c>model.memory.weight_ih_l0</c>.
/// </remarks>
public sealed class WeightMerge
{
    sealed record Place(Target Target, List<(Reparameterization Reparameterization, double Strength)> List)
    {
        public bool AdaptsWeight => List.Exists(entry => entry.Reparameterization.AdaptsWeight);

        public bool AdaptsBias => List.Exists(entry => entry.Reparameterization.AdaptsBias);
    }

    readonly Dictionary<string, Place> places = [];
    readonly IReadOnlyDictionary<string, ParameterPlace> parameters;
    readonly WeightSource weights;
    readonly Dictionary<string, string> ties = [];

    /// <summary>Prepares a merge.</summary>
    /// <param name="model">The model, whose layers may have shapes alone.</param>
    /// <param name="terms">The adapters in the order in which they are merged.</param>
    /// <param name="weights">The model's weights, for biases that depend on them.</param>
    /// <exception cref="LowrankException">A method whose change is none of the weight, a bias for a layer that has none, values that are
    /// not finite, or an adapter that does not belong to the model.</exception>
    public WeightMerge(ModelDescription model, IReadOnlyList<MergeTerm> terms, WeightSource weights)
    {
        this.weights = weights;
        parameters = ParameterPlace.In(model);
        var known = TargetPlace.In(model).ToDictionary(place => place.Target.Path);
        var biased = model.Components.SelectMany(c => c.Targets).Where(t => t.Layer.Bias is not null);
        var withBias = biased.Select(t => t.Target.Path).ToHashSet();
        if (terms.FirstOrDefault(term => term.Adapter.Prompt is not null) is { } prompted)
            throw VirtualPrompt.Unmergeable(prompted.Adapter.Name);
        foreach (var term in terms)
            foreach (var (path, one) in term.Adapter.Targets)
            {
                string name = term.Adapter.Name;
                if (!known.TryGetValue(path, out var place))
                    throw new LowrankException($"{name} adapts {path}, which the model does not have.");
                double strength = term.At(place);
                RefuseUnmergeable(name, one, strength);
                if (strength == 0) continue;
                SpoiltParts.Refuse(one, name, "merged");
                if (one.AdaptsBias && !withBias.Contains(path))
                    throw new LowrankException(
                        $"{name} gives {path} a bias, and the model's layer has none, nor has a checkpoint a place for it.");
                if (!places.TryGetValue(path, out var at)) places[path] = at = new(one.Target, []);
                at.List.Add((one, strength));
            }
        foreach (var component in model.Components)
            foreach (var (copy, original) in component.TiedTo)
                Tie($"{component.Name}.{copy}", $"{component.Name}.{original}", known.ContainsKey);
    }

    // One weight at two ends: what changes one end changes both.
    void Tie(string copy, string original, Func<string, bool> isKnown)
    {
        if (!isKnown(copy) || !isKnown(original)) return;
        var (atCopy, atOriginal) = (ChangesWeight(copy), ChangesWeight(original));
        if (atCopy && atOriginal) ties[original] = copy;
        if (atCopy == atOriginal) return;
        var (changed, left) = atCopy ? (copy, original) : (original, copy);
        throw new LowrankException($"{copy} and {original} are one weight, and the adapters to be merged change {changed} alone: merged, " +
            $"{left} would change too. Give {copy} a weight of its own in the model's files (and config.json tie_word_embeddings false), " +
            "adapt both alike, or leave the adapters attached.");

        bool ChangesWeight(string path) => places.TryGetValue(path, out var place) && place.AdaptsWeight;
    }

    static void RefuseUnmergeable(string name, Reparameterization one, double strength)
    {
        if (one.DependsOnInput)
            throw new LowrankException(
                $"what {Changes.Name(one)} changes depends on the input, so that {name} cannot be merged, at {one.Target}. Leave it " +
                "attached.");
        if (!double.IsFinite(strength))
            throw new LowrankException(
                $"the strength of {name} is {PlainValue.Text(strength)} at {one.Target.Path}; it is a finite number.");
    }

    /// <summary>Number of weights and biases that are changed.</summary>
    public int Count => places.Values.Sum(place => (place.AdaptsWeight ? 1 : 0) + (place.AdaptsBias ? 1 : 0));

    /// <summary>The weights and biases that are changed, but for weights of ends that have another's.</summary>
    public IEnumerable<string> Weights =>
        parameters.Where(pair => Touches(pair.Key) && (pair.Value.IsBias || !ties.ContainsValue(pair.Value.Path))).Select(pair => pair.Key);

    /// <summary>Whether a weight or bias is changed.</summary>
    public bool Touches(string name) => Find(name) is var (place, part) && (part == "weight" ? place.AdaptsWeight : place.AdaptsBias);

    /// <summary>
    /// The merged weight or bias, float32 or wider, in the shape in which the layer stores it. It belongs to the caller's scope.
    /// </summary>
    /// <param name="name">One that is changed.</param>
    /// <param name="own">The model's own; in float32 or wider, the answer may lie in its memory.</param>
    public Tensor Change(string name, Tensor own)
    {
        using var grad = no_grad();
        using var mode = LayerMode.Of(training: false);
        using var scope = NewDisposeScope();
        var (place, part) = Find(name) ?? throw new ArgumentException($"{name} is not changed", nameof(name));
        if (part == "weight" && !own.shape.AsSpan().SequenceEqual(place.Target.WeightShape))
            throw new LowrankException($"the weight of {place.Target} has shape {own.shape.Text()} in the model.");
        if (part == "weight" && ties.TryGetValue(place.Target.Path, out var tied)) RefuseAnother(own, place, places[tied]);
        var changed = part == "weight"
            ? Reparameterization.Applied(own, place.List, overwrites: true)
            : Reparameterization.AppliedBias(own, () => Weight(place.Target), place.List)!;
        return scope.MoveToOuter(changed);
    }

    static void RefuseAnother(Tensor own, Place one, Place tied)
    {
        // By different products the same comes out to rounding.
        const double Relative = 1e-5, Absolute = 1e-6;
        using var scope = NewDisposeScope();
        var (first, other) = (Applied(one), Applied(tied));
        if (first.allclose(other, Relative, Absolute)) return;
        throw new LowrankException($"{one.Target.Path} and {tied.Target.Path} are one weight, and the adapters to be merged change them " +
            "differently: no one weight is right for both. Leave the adapters attached.");

        Tensor Applied(Place place) => Reparameterization.Applied(own.clone(), place.List, overwrites: true);
    }

    Tensor Weight(Target target) => weights(target, "weight") ?? throw new LowrankException($"the model has no weight at {target}");

    (Place Place, string Part)? Find(string name)
    {
        if (!parameters.TryGetValue(name, out var parameter)) return null;
        return places.TryGetValue(parameter.Path, out var place) ? (place, parameter.IsBias ? "bias" : "weight") : null;
    }
}

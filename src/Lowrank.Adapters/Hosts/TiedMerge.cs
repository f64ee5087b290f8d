namespace Lowrank.Adapters;

/// <summary>What merging would do to parameters that several layers share.</summary>
/// <param name="model">The model.</param>
/// <param name="chosen">Which of the attached are merged.</param>
sealed class TiedMerge(ModelDescription model, Func<AdaptedLayer.Entry, bool> chosen)
{
    // Merged values of layers that share a weight come by different products.
    const double RelativeTolerance = 1e-5, AbsoluteTolerance = 1e-6;

    readonly IReadOnlyDictionary<string, ParameterPlace> parameters = ParameterPlace.In(model);

    /// <summary>Throws unless every layer of a group that is changed would have the same parameter.</summary>
    /// <exception cref="LowrankException">Layers share a parameter, and merging would be right for some of them alone.</exception>
    public void Check()
    {
        if (!ModelAdaptation.Hosts(model).Any(host => host.Entries.Any(entry => chosen(entry) && entry.Works))) return;
        foreach (var group in model.TiedWeights) Check(group);
    }

    void Check(TiedWeights group)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var merged = group.Paths.Select(path => (Path: path, Values: Merged(path))).ToList();
        var changed = merged.Where(one => one.Values is not null).ToList();
        if (changed.Count == 0) return;
        if (merged.Find(one => one.Values is null) is { Path: { } left })
            throw new LowrankException($"{group} share their memory, and the adapters to be merged change {changed[0].Path} alone: " +
                $"merged, {left} would change too. Give it memory of its own (a clone), adapt both alike, or leave the adapters attached.");
        var first = InMemory(group, changed[0].Path, changed[0].Values!);
        foreach (var (path, values) in changed.Skip(1))
            if (!InMemory(group, path, values!).allclose(first, RelativeTolerance, AbsoluteTolerance, equal_nan: true))
                throw new LowrankException($"{group} share their memory, and the adapters to be merged change them differently: no one " +
                    $"weight is right for {changed[0].Path} and {path}. Give each memory of its own (a clone), or leave the adapters " +
                    "attached.");
    }

    // A parameter with what is merged into it; null where nothing is.
    Tensor? Merged(string path)
    {
        if (!parameters.TryGetValue(path, out var place) || place.Layer.Host is not AdaptedLayer host) return null;
        var (weight, bias) = host.Merged(chosen, () => place.Layer.Weight.Dense(ScalarType.Float32).clone(), isRounded: false);
        return place.IsBias ? bias : weight;
    }

    // The values where the parameter has them in the memory that the group shares; NaN where it has none.
    Tensor InMemory(TiedWeights group, string path, Tensor values)
    {
        var whole = group.Paths.Select(one => MemoryRange.Of(Parameter(one))).Aggregate((a, b) =>
            a with { First = Math.Min(a.First, b.First), End = Math.Max(a.End, b.End) });
        var own = Parameter(path);
        var memory = full([(whole.End - whole.First) / own.ElementSize], double.NaN, values.dtype, values.device);
        long start = (MemoryRange.Of(own).First - whole.First) / own.ElementSize;
        memory.as_strided(own.shape, own.stride(), start).copy_(values);
        return memory;
    }

    Tensor Parameter(string path) =>
        parameters[path] is { IsBias: true } biased ? biased.Layer.Bias! : parameters[path].Layer.Weight.Dense();
}

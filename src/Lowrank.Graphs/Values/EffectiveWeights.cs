namespace Lowrank.Graphs;

/// <summary>The weights that a base has under changes.</summary>
static class EffectiveWeights
{
    /// <summary>Copies of one side's weights by their paths, float32; they are the caller's scope's. The base stays as it is.</summary>
    public static OrderedDictionary<string, Tensor> Read(StableDiffusion model, IReadOnlyList<WeightChange> changes, ModelSide side)
    {
        using var grad = no_grad();
        using var changed = changes.Apply(model);
        var description = model.Describe();
        bool isAdapted = changes.Any(change => change is not MixedWeights);
        if (isAdapted) description.Merge();
        try
        {
            var copies = new OrderedDictionary<string, Tensor>();
            foreach (var (path, parameter) in Of(model, side)) copies[path] = parameter.detach().to(ScalarType.Float32, copy: true);
            return copies;
        }
        finally
        {
            if (isAdapted) description.Unmerge();
        }
    }

    /// <summary>One side's weights themselves by their paths.</summary>
    public static IEnumerable<(string Path, Tensor Weight)> Of(StableDiffusion model, ModelSide side) =>
        from component in model.Describe().Components
        from own in component.Module.named_parameters()
        let path = $"{component.Name}.{own.name}"
        where side.Holds(path)
        select (path, (Tensor)own.parameter);
}

namespace Lowrank.Adapters;

/// <summary>
/// Gives a model's weight or bias ("weight", "bias") at a target, in the shape in which the layer stores it; null where
/// there is none. The tensor belongs to the caller's scope.
/// </summary>
public delegate Tensor? WeightSource(Target target, string part);

/// <summary>Where weights come from: a model, or a file that is read one tensor at a time.</summary>
public static class WeightSources
{
    /// <summary>The layers of a model.</summary>
    public static WeightSource Of(ModelDescription model)
    {
        var layers = model.Components.SelectMany(c => c.Targets).ToDictionary(t => t.Target.Path, t => t.Layer);
        return (target, part) =>
        {
            if (!layers.TryGetValue(target.Path, out var layer)) return null;
            return (part == "weight" ? layer.Weight.Dense() : layer.Bias)?.detach();
        };
    }

    /// <summary>The tensors of an open file.</summary>
    /// <param name="file">Kept open by the caller for as long as the source is used.</param>
    /// <param name="prefixOf">What stands in the file before ".weight" and ".bias" of a target,
    /// or null for a target that the file does not hold.</param>
    public static WeightSource Of(ITensorFile file, Func<Target, string?> prefixOf)
    {
        var names = file.Tensors.Select(t => t.Name).ToHashSet();
        return (target, part) =>
        {
            string? name = prefixOf(target) is { } prefix ? $"{prefix}.{part}" : null;
            return name is not null && names.Contains(name) ? file.Read(name) : null;
        };
    }

    /// <summary>The tensors of a component's own file ("unet"), whose names are the module paths.</summary>
    public static WeightSource Of(ITensorFile file, string component) => Of(file, target =>
        target.Path.StartsWith(component + ".", StringComparison.Ordinal) ? target.Path[(component.Length + 1)..] : null);

    /// <summary>The weight as a float32 matrix (out, in·kh·kw).</summary>
    /// <exception cref="LowrankException">The source has none, one of another shape, or one with values that are not finite.</exception>
    internal static Tensor Matrix(this WeightSource source, Target target, string whose)
    {
        var weight = source(target, "weight") ?? throw new LowrankException($"the {whose} model has no weight at {target}");
        if (!weight.shape.AsSpan().SequenceEqual(target.WeightShape))
            throw new LowrankException(
                $"the {whose} model's weight has shape {weight.shape.Text()} at {target}. Are the two models of one family?");
        if (!ValueRange.AreFinite(weight))
            throw new LowrankException($"the {whose} model's weight holds values that are not finite at {target}: is the file damaged?");
        return target.ToMatrix(weight).to(ScalarType.Float32);
    }
}

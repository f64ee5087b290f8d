namespace Lowrank.Adapters;

/// <summary>A target with what surrounds it in its model: by this patterns choose.</summary>
/// <param name="Component">The component's name.</param>
/// <param name="Role">What the component does.</param>
/// <param name="Target">The target.</param>
/// <param name="Classes">Classes of the modules around it, from outside in, as the published libraries name them.</param>
/// <param name="Block">The block in which it lies; null for what is in none.</param>
public sealed record TargetPlace(string Component, ComponentRole Role, Target Target, IReadOnlyList<string> Classes, string? Block)
{
    /// <summary>The path within the component.</summary>
    public string Path { get; } = Target.Path[(Component.Length + 1)..];

    /// <summary>Paths within the component by which the model has the same layer too; mostly none.</summary>
    public IReadOnlyList<string> OtherPaths { get; init; } = [];

    /// <summary>Every adaptable layer of a model, in its order.</summary>
    public static IReadOnlyList<TargetPlace> In(ModelDescription model) => [.. model.Components.SelectMany(In)];

    static IEnumerable<TargetPlace> In(ModelComponent component)
    {
        var classes = component.Module.named_modules().ToDictionary(pair => pair.name, pair => pair.module.GetName());
        foreach (var (target, _) in component.Targets)
        {
            string path = component.PathOf(target);
            var segments = path.Split('.');
            var around = Enumerable.Range(1, segments.Length - 1).Select(n => string.Join('.', segments[..n]));
            List<string> classesAround = [.. around.Select(module => classes.GetValueOrDefault(module)).OfType<string>()];
            if (target.Within is { } own) classesAround.Add(own);
            var others = component.SharedLayers.Where(shared => shared.Path == target.Path).Select(shared => shared.OtherPath);
            yield return new TargetPlace(component.Name, component.Role, target, classesAround, component.BlockOf(path))
            {
                OtherPaths = [.. others.Select(other => other[(component.Name.Length + 1)..])],
            };
        }
    }
}

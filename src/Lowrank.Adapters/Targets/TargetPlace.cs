namespace Lowrank.Adapters;

/// <summary>A target with what surrounds it in its model: by this patterns choose.</summary>
/// <param name="Component">The component's name: "unet", "text_encoder".</param>
/// <param name="Target">The target.</param>
/// <param name="Classes">Classes of the modules around it, from outside in, as the published libraries name them.</param>
/// <param name="OtherNames">Its path in other spellings, without the component: "ldm".</param>
public sealed record TargetPlace(string Component, Target Target, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, string> OtherNames)
{
    /// <summary>The path within the component.</summary>
    public string Path { get; } = Target.Path[(Component.Length + 1)..];

    /// <summary>Every adaptable layer of a model, in its order.</summary>
    public static IReadOnlyList<TargetPlace> In(ModelDescription model) => [.. model.Components.SelectMany(In)];

    static IEnumerable<TargetPlace> In(ModelComponent component)
    {
        var classes = component.Module.named_modules().ToDictionary(pair => pair.name, pair => pair.module.GetName());
        foreach (var (target, _) in component.Targets)
        {
            var segments = target.Path.Split('.')[1..];
            var around = Enumerable.Range(1, segments.Length - 1).Select(n => string.Join('.', segments[..n]));
            var spelled = component.OtherNames.Select(map => (map.Key, Other: map.Value.ToOther(string.Join('.', segments))))
                .Where(pair => pair.Other is not null).ToDictionary(pair => pair.Key, pair => pair.Other!);
            yield return new TargetPlace(component.Name, target, [.. around.Select(path => classes.GetValueOrDefault(path)).OfType<string>()], spelled);
        }
    }
}

namespace Lowrank.Adapters;

/// <summary>A target with what surrounds it in its model: by this patterns choose.</summary>
/// <param name="Component">The component's name: "unet", "text_encoder".</param>
/// <param name="Target">The target.</param>
/// <param name="Classes">Classes of the modules around it, from outside in, as the published libraries name them.</param>
/// <param name="OtherNames">Its path in other spellings, without the component: "ldm".</param>
public sealed record TargetPlace(
    string Component, Target Target, IReadOnlyList<string> Classes, IReadOnlyDictionary<string, string> OtherNames)
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
            string[] segments = target.Path.Split('.')[1..];
            string path = string.Join('.', segments);
            var around = Enumerable.Range(1, segments.Length - 1).Select(n => string.Join('.', segments[..n]));
            string[] inside = [.. around.Select(module => classes.GetValueOrDefault(module)).OfType<string>()];
            var spelled = new Dictionary<string, string>();
            foreach (var (spelling, names) in component.OtherNames)
                if (names.ToOther(path) is { } other) spelled[spelling] = other;
            yield return new TargetPlace(component.Name, target, inside, spelled);
        }
    }
}

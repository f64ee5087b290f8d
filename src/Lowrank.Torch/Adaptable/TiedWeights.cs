namespace Lowrank.Torch;

/// <summary>
/// Parameters of a model that share memory, as an embedding and a head often do: who changes one of them changes the others.
/// </summary>
/// <param name="Paths">
/// Paths of the parameters with their components and names, as in <c>model.tokens.weight</c>; two or more, in module order.
/// </param>
public sealed record TiedWeights(IReadOnlyList<string> Paths)
{
    sealed record Known(string Path, int Order, MemoryRange Memory);

    /// <summary>Every group of parameters that share memory, be it one parameter in two places, two over one memory, or a view.</summary>
    /// <param name="components">Where they are looked for; between components too.</param>
    public static IReadOnlyList<TiedWeights> In(IEnumerable<ModelComponent> components)
    {
        var known = new List<Known>();
        foreach (var component in components)
            foreach (var (path, parameter) in Parameters(component.Module))
                if (MemoryRange.Of(parameter) is { First: not 0 } memory) known.Add(new($"{component.Name}.{path}", known.Count, memory));
        var groups = new List<TiedWeights>();
        var group = new List<Known>();
        nint end = 0;
        foreach (var one in known.OrderBy(k => k.Memory.Device).ThenBy(k => k.Memory.First))
        {
            bool overlaps = group.Count > 0 && group[0].Memory.Device == one.Memory.Device && one.Memory.First < end;
            if (!overlaps)
            {
                Close();
                end = 0;
            }
            group.Add(one);
            end = Math.Max(end, one.Memory.End);
        }
        Close();
        return [.. groups, .. Packed(components), .. OfShapesAlone(components)];

        void Close()
        {
            if (group.Count > 1) groups.Add(new([.. group.OrderBy(k => k.Order).Select(k => k.Path)]));
            group.Clear();
        }
    }

    // What lies nowhere (on the meta device) has no memory to share: one parameter in several places.
    static IEnumerable<TiedWeights> OfShapesAlone(IEnumerable<ModelComponent> components)
    {
        var places = new Dictionary<Parameter, List<string>>(ReferenceEqualityComparer.Instance);
        foreach (var component in components)
            foreach (var (path, parameter) in Parameters(component.Module))
            {
                if (parameter.device_type != DeviceType.META) continue;
                if (!places.TryGetValue(parameter, out var sharing)) places[parameter] = sharing = [];
                sharing.Add($"{component.Name}.{path}");
            }
        return places.Values.Where(sharing => sharing.Count > 1).Select(sharing => new TiedWeights(sharing));
    }

    // Weights of few bits are no parameters: one object in several layers.
    static IEnumerable<TiedWeights> Packed(IEnumerable<ModelComponent> components) =>
        from component in components
        from place in component.Module.named_modules().DistinctBy(place => place.module)
        let weight = (place.module as IAdaptable)?.Weight as IPackedWeight
        where weight is not null
        group $"{component.Name}.{place.name}.weight" by weight into sharing
        where sharing.Count() > 1
        select new TiedWeights([.. sharing]);

    // Each module's own, so that one parameter is met in every place; a module that stands in two fields comes once.
    static IEnumerable<(string Path, Parameter Parameter)> Parameters(nn.Module root)
    {
        var met = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        foreach (var (path, module) in root.named_modules().Prepend(("", root)))
            if (met.Add(module))
                foreach (var (name, parameter) in module.named_parameters(recurse: module is ScriptModel))
                    yield return (path.Length == 0 ? name : $"{path}.{name}", parameter);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" = ", Paths);
}

namespace Lowrank.Adapters;

/// <summary>Finds the order in which a file counts a component's layers, by what it lists and by its shapes.</summary>
static class OrderSearch
{
    /// <summary>The order; none where the file does not number the component's layers, or a fault where it is not told.</summary>
    public static (LayerOrder? Order, string? Fault) In(ITensorFile file, ModelComponent component, ModelDescription model)
    {
        string name = component.Name;
        var numbered = file.Tensors.Where(t => t.Name.StartsWith(name + ":", StringComparison.Ordinal));
        var shapes = numbered.ToDictionary(t => t.Name, t => t.Shape);
        if (shapes.Count == 0) return (null, null);
        var listed = CloneofsimoPackaging.HostsIn(file, name);
        if (listed is not null && Unknown(listed, model) is { Count: > 0 } unknown)
            return (null, $"the {name}'s layers are counted inside of {string.Join(", ", unknown)}, and where those lie is not known here");
        var fitting = component.Orders.Where(order => listed is null || Counts(order, component, listed))
            .Where(order => Fits(order, component, shapes))
            .DistinctBy(order => Listed(LayerNumbers.Of(component, order))).ToList();
        return fitting switch
        {
            [var one] => (one, null),
            [] => (null, $"the shapes of the {name}'s {shapes.Count / 2} numbered layers fit the model in no order that diffusers has had"),
            _ => (null, $"the shapes of the {name}'s numbered layers fit the model in both orders that diffusers has had " +
                "(attn1, ff, attn2 up to 0.14 and attn1, attn2, ff since), and the file does not tell which is meant"),
        };
    }

    static string Listed(IReadOnlyDictionary<string, int> numbers) => string.Join(' ', numbers.OrderBy(p => p.Value).Select(p => p.Key));

    // Modules that are known to no order.
    static List<string> Unknown(string[] listed, ModelDescription model) =>
        [.. listed.Except(model.Components.SelectMany(c => c.Orders).SelectMany(order => order.Hosts))];

    // Orders differ in some of their modules; of these a file's list has an order's own and no other.
    static bool Counts(LayerOrder order, ModelComponent component, string[] listed)
    {
        var optional = component.Orders.SelectMany(o => o.Hosts).Where(host => component.Orders.Any(o => !o.Hosts.Contains(host)));
        return optional.All(host => order.Hosts.Contains(host) == listed.Contains(host));
    }

    static bool Fits(LayerOrder order, ModelComponent component, Dictionary<string, long[]> shapes)
    {
        var numbers = LayerNumbers.Of(component, order);
        if (numbers.Count * 2 != shapes.Count) return false;
        var targets = component.Targets.ToDictionary(t => t.Target.Path, t => t.Target);
        return numbers.All(n => FitsLayer(targets[n.Key], CloneofsimoSpelling.NameOf(component, n.Value), shapes));
    }

    static bool FitsLayer(Target target, string name, Dictionary<string, long[]> shapes)
    {
        if (!shapes.TryGetValue(name + CloneofsimoSpelling.Up, out var up)) return false;
        if (!shapes.TryGetValue(name + CloneofsimoSpelling.Down, out var down)) return false;
        if (up.Length < 2 || down.Length < 2 || up[0] != target.Out) return false;
        return down.Skip(1).Aggregate(1L, (product, axis) => product * axis) == target.Columns;
    }
}

using System.Runtime.CompilerServices;

namespace Lowrank.Adapters;

/// <summary>The numbers that an order gives to a component's layers.</summary>
static class LayerNumbers
{
    // The same component is asked for each of its targets.
    static readonly ConditionalWeakTable<ModelComponent, Dictionary<LayerOrder, IReadOnlyDictionary<string, int>>> known = [];

    /// <summary>The counted targets of a component, with their numbers.</summary>
    public static IReadOnlyDictionary<string, int> Of(ModelComponent component, LayerOrder order)
    {
        var held = known.GetOrCreateValue(component);
        lock (held)
            return held.TryGetValue(order, out var numbers) ? numbers : held[order] = Count(component, order);
    }

    static Dictionary<string, int> Count(ModelComponent component, LayerOrder order) => component.Targets
        .Select(t => (t.Target.Path, Place: order.PlaceOf(component.PathOf(t.Target))))
        .Where(t => t.Place is not null)
        .OrderBy(t => t.Place)
        .Select((t, number) => (t.Path, number))
        .ToDictionary(t => t.Path, t => t.number);

    /// <summary>
    /// As files are written: the first order that counts most of the layers that are adapted; null where a component has none.
    /// </summary>
    public static LayerOrder? Written(ModelComponent component, Adapter adapter) => component.Orders switch
    {
        [] => null,
        [var only] => only,
        var several => several.MaxBy(order => adapter.Targets.Keys.Count(Of(component, order).ContainsKey)),
    };
}

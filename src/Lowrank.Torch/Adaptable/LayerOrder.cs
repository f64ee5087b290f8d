namespace Lowrank.Torch;

/// <summary>An order in which another program counts layers of a component, to name them by number.</summary>
/// <param name="Hosts">Classes of the modules inside of which layers are counted.</param>
/// <param name="PlaceOf">A layer's place in the order, by its path in the component; null for one that is not counted.</param>
public sealed record LayerOrder(IReadOnlyList<string> Hosts, Func<string, IComparable?> PlaceOf);

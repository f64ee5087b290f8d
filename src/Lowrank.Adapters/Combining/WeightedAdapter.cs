namespace Lowrank.Adapters;

/// <summary>An adapter and its weight in a combination; negative ones subtract.</summary>
public readonly record struct WeightedAdapter(Adapter Adapter, double Weight = 1);

namespace Lowrank.Adapters;

/// <summary>Which entries of a change are dropped before changes are added.</summary>
public enum Pruning
{
    /// <summary>None.</summary>
    None,
    /// <summary>All but the largest.</summary>
    Magnitude,
    /// <summary>A random choice (DARE).</summary>
    Random,
}

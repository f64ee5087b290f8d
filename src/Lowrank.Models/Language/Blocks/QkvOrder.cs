namespace Lowrank.Models;

/// <summary>In which order the rows of a projection stand that makes queries, keys and values.</summary>
enum QkvOrder
{
    /// <summary>All queries, all keys, all values.</summary>
    Whole,
    /// <summary>Key head by key head: its queries, its key, its value.</summary>
    ByKeyHead,
}

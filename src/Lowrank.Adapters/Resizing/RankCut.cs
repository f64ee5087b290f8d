namespace Lowrank.Adapters;

/// <summary>Leaves the first ranks of an adapter at work and its scale, alpha/rank, as it was: the web UI's "dyn".</summary>
/// <remarks>
/// Source: extensions-builtin/Lora/lyco_helpers.py of the web UI, v1.10.1, rebuild_conventional. A LoRA without a core alone is cut, within
/// wrappers too.
/// </remarks>
public static class RankCut
{
    /// <summary>Cuts an adapter, for good.</summary>
    /// <param name="adapter">The adapter, not attached.</param>
    /// <param name="rank">Ranks that are kept; below 0, how many are left out.</param>
    /// <returns>Names of methods that it holds and that are not cut.</returns>
    public static IReadOnlyList<string> Cut(Adapter adapter, int rank)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        var whole = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var made in adapter.Targets.Values)
        {
            var loras = made.modules().Prepend(made).OfType<Lora>().Distinct().ToList();
            if (!loras.TrueForAll(lora => lora.TryKeep(rank)) || loras.Count == 0) whole.Add(made.Method.Name);
        }
        return [.. whole];
    }
}

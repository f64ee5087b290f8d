namespace Lowrank.Workbench;

/// <summary>Adapters whose change is zero in all layers, though they are to be used.</summary>
static class NothingAdded
{
    /// <summary>A sentence on an adapter that changes nothing; null where it does, or where only the base's weights could tell.</summary>
    /// <param name="path">The adapter's place.</param>
    public static string? Of(string path)
    {
        using var file = AdapterFile.Open(path);
        var layers = AdapterInspection.Measure(file).Modules;
        bool isNothing = layers.Count > 0 && layers.All(layer => layer.Norm == 0);
        if (!isNothing) return null;
        return $"{path} adds nothing: the change of all its {layers.Count} layers is zero. Was it trained, and saved after that?";
    }

    /// <summary>Refuses what would write the base as it was.</summary>
    /// <exception cref="LowrankException">An adapter adds nothing.</exception>
    public static void Refuse(IReadOnlyList<AdapterChoice> all)
    {
        foreach (var adapter in all.Where(adapter => !adapter.IsIdle))
            if (Of(adapter.Path) is { } fault) throw new LowrankException($"{fault} Nothing is written.");
        if (all.All(adapter => adapter.IsIdle))
            throw new LowrankException($"{string.Join(" and ", all.Select(adapter => adapter.Path))} " +
                $"{(all.Count == 1 ? "adds" : "add")} nothing at strength 0. Nothing is written.");
    }
}

namespace Lowrank.Workbench;

/// <summary>Tells of the dropouts that adapters were trained with and a file that was made of them does not tell.</summary>
static class DroppedDropouts
{
    /// <summary>A sentence, where there are any.</summary>
    /// <param name="sources">What the file was made of.</param>
    /// <param name="written">The file.</param>
    public static IEnumerable<string> Notes(IEnumerable<Adapter> sources, string written)
    {
        var all = sources.Select(source => TrainedDropouts.Of(source.Metadata)).ToList();
        foreach (string odd in all.SelectMany(told => told.Oddities).Distinct()) yield return $"{odd}.";
        var trained = all.Where(told => told.Any).ToList();
        if (trained.Count == 0) yield break;
        using var file = AdapterFile.Open(written);
        string[] lost = [.. trained.SelectMany(told => told.NotIn(file.Metadata)).Distinct()];
        if (lost.Length == 0) yield break;
        yield return $"{string.Join(", ", lost)}: dropouts of the training that went before, which {written} does not tell; " +
            "a training that begins with it (init_adapter) drops what it is asked to.";
    }
}

namespace Lowrank.Workbench;

/// <summary>The models that adapters were trained over, as their own settings tell them: shapes alone do not tell two apart.</summary>
static class TrainedBases
{
    // As PEFT's configurations have it.
    const string Field = "base_model_name_or_path";

    /// <summary>A sentence where adapters that add up are told to be of different models.</summary>
    /// <param name="adapters">The adapters with their places.</param>
    public static IEnumerable<string> OfSum(IReadOnlyList<(string Path, Adapter Adapter)> adapters)
    {
        var told = adapters.Select(one => (one.Path, Base: NameIn(one.Adapter.Metadata))).Where(one => one.Base is not null)
            .DistinctBy(one => Bare(one.Base!)).ToList();
        if (told.Count > 1)
            yield return $"The adapters were trained over different models, as their settings tell: " +
                $"{string.Join(", ", told.Select(one => $"{one.Path} over {one.Base}"))}. Their sum means something only where these are " +
                "of one origin.";
    }

    /// <summary>A sentence on each of virtual tokens of a model that is called otherwise than the one at hand.</summary>
    /// <param name="adapters">The adapters with their places.</param>
    /// <param name="location">The model at hand.</param>
    public static IEnumerable<string> OfPrompts(IReadOnlyList<(string Path, Adapter Adapter)> adapters, string location)
    {
        foreach (var (path, adapter) in adapters)
            if (adapter.Prompt is not null && NameIn(adapter.Metadata) is { } own && Bare(own) != Bare(location))
                yield return $"{path} was trained over {own}, as its settings tell, and the model is {location}: virtual tokens go on " +
                    "any model of their width, and mean something to their own alone.";
    }

    /// <summary>The model that metadata tell; null where they tell none.</summary>
    public static string? NameIn(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault(Field) is { Length: > 0 } name ? name : null;

    // "HuggingFaceTB/SmolLM2-135M" and "models/smollm2-135m" are taken for one.
    static string Bare(string name) => PlaceName.Of(name.TrimEnd('/', '\\')).ToLowerInvariant();
}

namespace Lowrank.Adapters;

/// <summary>The layers that a form of files cannot hold, told together by their reasons.</summary>
static class RefusedLayers
{
    // How many layers a sentence names.
    const int Listed = 3;

    /// <summary>Why an adapter cannot be written, with the layers and what can be done; null where none is refused.</summary>
    /// <param name="holds">What the form holds: "gguf holds pairs of LoRA's factors alone".</param>
    /// <param name="refused">The layers, each with its reason.</param>
    /// <param name="all">How many layers there are.</param>
    public static string? Told(string holds, IReadOnlyList<(string Path, string Reason)> refused, int all)
    {
        if (refused.Count == 0) return null;
        var told = refused.GroupBy(layer => layer.Reason).Select(group => $"{List([.. group.Select(layer => layer.Path)])} ({group.Key})");
        return $"{holds}: {all - refused.Count} of {all} layers can go, and not {string.Join(", ", told)}; merge the adapter into the " +
            "base model in its place";
    }

    static string List(List<string> paths) => paths.Count <= Listed
        ? string.Join(", ", paths)
        : $"{string.Join(", ", paths.Take(Listed))} and {paths.Count - Listed} more";
}

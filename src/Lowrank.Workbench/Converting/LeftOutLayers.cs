namespace Lowrank.Workbench;

/// <summary>An adapter without some of its layers, which the user named.</summary>
static class LeftOutLayers
{
    // Names of a file are one word each, of which patterns of words choose none.
    static string Hint(ModelDescription model) => OwnNames.Are(model)
        ? " These are the file's own: choose by a glob such as *attn1*. Give the base model to choose by its paths."
        : "";

    /// <summary>The adapter of the other layers, with a note of what it lacks; it shares their tensors.</summary>
    /// <param name="adapter">The adapter, which stays the owner.</param>
    /// <param name="model">Its model.</param>
    /// <param name="patterns">As of <see cref="TargetPattern"/>; none gives the adapter itself.</param>
    /// <exception cref="LowrankException">A pattern chooses no adapted layer, or all are left out.</exception>
    public static Adapter Without(Adapter adapter, ModelDescription model, IReadOnlyList<string> patterns)
    {
        if (patterns.Count == 0) return adapter;
        var places = TargetPlace.In(model).Where(place => adapter.Targets.ContainsKey(place.Target.Path)).ToList();
        var left = new HashSet<string>();
        foreach (var pattern in patterns.Select(TargetPattern.Parse))
        {
            var chosen = places.Where(pattern.Chooses).Select(place => place.Target.Path).ToList();
            if (chosen.Count == 0)
                throw new LowrankException($"\"{pattern.Text}\", which is to be left out, chooses no layer of the adapter; " +
                    $"its layers have names such as {adapter.Targets.Keys.First()}.{Hint(model)}");
            left.UnionWith(chosen);
        }
        var kept = adapter.Targets.Where(target => !left.Contains(target.Key)).Select(target => target.Value).ToList();
        if (kept.Count == 0) throw new LowrankException("all layers of the adapter are left out");
        string note = $"{left.Count} layers were left out: {string.Join(", ", left.Order(StringComparer.Ordinal))}";
        return new Adapter(adapter.Name, kept, adapter.Metadata)
        {
            Dialect = adapter.Dialect, Notes = [.. adapter.Notes, note], Embeddings = adapter.Embeddings,
            Prompt = adapter.Prompt, PassedOver = adapter.PassedOver,
        };
    }
}

namespace Lowrank.Workbench;

/// <summary>Tokens that were added to a model before an adapter was trained: rows of its tables that the base does not have.</summary>
static class AddedTokens
{
    /// <summary>How many tokens a model is to have for adapters that bring rows of their own; null where it has them all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="adapters">The adapters' places.</param>
    /// <exception cref="LowrankException">An adapter holds factors for a larger table and no rows of it.</exception>
    public static int? NeededFor(ModelOutline model, IEnumerable<string> adapters)
    {
        if (model is not LanguageOutline language) return null;
        var tables = Tables(language);
        int? needed = null;
        foreach (string adapter in adapters)
            if (RowsIn(adapter, language, tables) is { } rows) needed = Math.Max(needed ?? 0, rows);
        return needed;
    }

    /// <summary>The same of a model's folder or file.</summary>
    public static int? NeededFor(string model, IReadOnlyCollection<string> adapters)
    {
        if (adapters.Count == 0) return null;
        using var outline = ModelKinds.Outline(model);
        return NeededFor(outline, adapters);
    }

    // Layers with a row for each token, by their paths as files have them, with the width of a row.
    static List<(string Path, long Width)> Tables(LanguageOutline model)
    {
        var all = model.Describe().Components.SelectMany(component => component.Targets.Select(place => (component, place.Target)));
        return
        [
            .. from one in all
               where one.Target.WeightShape is [var rows, _] && rows == model.Tokens
               select (one.Target.Path[(one.component.Name.Length + 1)..], one.Target.WeightShape[1]),
        ];
    }

    static int? RowsIn(string adapter, LanguageOutline model, List<(string Path, long Width)> tables)
    {
        using var file = AdapterFile.Open(adapter);
        long whole = 0, factors = 0;
        foreach (var (path, width) in tables)
            foreach (var (_, _, shape) in file.Tensors.Where(tensor => tensor.Name.Contains($".{path}.", StringComparison.Ordinal)))
            {
                if (shape is not [var rows, var columns]) continue;
                if (columns == width) whole = Math.Max(whole, rows);
                else if (rows != width) factors = Math.Max(factors, Math.Max(rows, columns));   // the other factor is of the width
            }
        if (whole > model.Tokens) return checked((int)whole);
        // Of an adapter for another base, reading tells more than its tables do.
        if (factors <= model.Tokens || OtherBase.Told(file, model.Describe()) is not null) return null;
        throw new LowrankException($"{adapter} was trained on a model of {factors} tokens, and {model.Location} has {model.Tokens}: " +
            $"{factors - model.Tokens} tokens were added before it was trained, and it holds no rows for them. Give the model that it " +
            "was trained on, or train again so that the adapter holds the tables whole (PEFT: modules_to_save or save_embedding_layers).");
    }
}

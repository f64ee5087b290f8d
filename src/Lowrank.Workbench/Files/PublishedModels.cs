namespace Lowrank.Workbench;

/// <summary>Finds the published model that an adapter is for, where its names and widths do not tell a family.</summary>
static class PublishedModels
{
    // Whether names of the adapter are the family's; the layers that it adapts there, or why it cannot be read for it.
    sealed record Fit(string Family, bool KnowsNames, int Targets, string? Fault);

    /// <summary>The one that takes most of an adapter; of a model of another kind, the layers that the adapters tell.</summary>
    /// <param name="adapters">The adapters; the first decides.</param>
    /// <param name="allowUnmatched">Whether whole weights, which a base may not have, are left out of what the adapters tell.</param>
    /// <exception cref="LowrankException">Nothing that is published takes it, and its names do not do.</exception>
    public static ModelOutline Fitting(IReadOnlyList<string> adapters, bool allowUnmatched)
    {
        string adapter = adapters[0];
        using var file = AdapterFile.Open(adapter);
        var dialect = Dialects.Of(file);   // a file that is no adapter fits nothing for another reason
        var names = AdapterInspection.Inspect(file).Modules.Select(module => module.Name).ToHashSet();
        var known = ModelKinds.All.Where(kind => kind.HasOnePublished).ToList();
        var fits = known.Select(kind => TryFit(kind.Family.Name, file, dialect, names)).ToList();
        var taken = fits.Where(fit => fit.Fault is null).ToList();
        if (taken.Count > 0) return ModelKinds.Published(taken.MaxBy(fit => fit.Targets)!.Family);
        // A model of another kind. Where its names are a known one's and paths too, it is that one in another shape.
        bool isKnown = fits.Any(fit => fit.KnowsNames) && AdapterOutline.HasPaths(file);
        if (!isKnown && OfNames(adapters, allowUnmatched) is { } layers) return layers;
        string reason = fits.Find(fit => fit.KnowsNames)?.Fault ?? fits[0].Fault!;
        throw new LowrankException($"{adapter} fits none of {string.Join(", ", known.Select(kind => kind.Title))} as published. " +
            $"Give its base model with `base model` FOLDER or FILE. ({reason})");
    }

    /// <summary>The layers that adapters name, as shapes alone; null where they tell none.</summary>
    /// <param name="adapters">The adapters.</param>
    /// <param name="allowUnmatched">Whether whole weights, which a base may not have, are left out.</param>
    /// <exception cref="LowrankException">They are in several dialects, or disagree about a layer.</exception>
    public static ModelOutline? OfNames(IReadOnlyList<string> adapters, bool allowUnmatched)
    {
        var files = AllOrNone.Open(adapters, AdapterFile.Open);
        try
        {
            var layers = AdapterOutline.Of(files, withWhole: !allowUnmatched) ?? OwnNames.Of(files);
            return layers is null ? null : new ModelOutline("the layers that the adapter names", layers);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    static Fit TryFit(string family, ITensorFile file, Dialect dialect, HashSet<string> names)
    {
        bool knowsNames = false;
        try
        {
            using var outline = ModelKinds.Published(family);
            var model = outline.Describe();
            knowsNames = model.Components.Any(component => Holds(component, model, dialect, names));
            using var read = AdapterFile.Read(file, model, allowUnmatched: true, outline.Weight);
            return new(family, knowsNames, read.Targets.Count, null);
        }
        catch (LowrankException error)
        {
            return new(family, knowsNames, 0, error.Message);
        }
    }

    static bool Holds(ModelComponent component, ModelDescription model, Dialect dialect, HashSet<string> names) =>
        component.Targets.Any(target => dialect.Spelling.Names(model, component, target.Target).Any(names.Contains));
}

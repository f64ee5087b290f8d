namespace Lowrank.Workbench;

/// <summary>Finds the published model that an adapter is for, where its names and widths do not tell a family.</summary>
static class PublishedModels
{
    /// <summary>The one that takes most of an adapter; of a model of another kind, the layers that the adapter tells.</summary>
    /// <exception cref="LowrankException">Nothing that is published takes it.</exception>
    public static ModelOutline Fitting(string adapter)
    {
        using var file = AdapterFile.Open(adapter);
        var dialect = Dialects.Of(file);   // a file that is no adapter fits nothing for another reason
        var names = AdapterInspection.Inspect(file).Modules.Select(module => module.Name).ToHashSet();
        bool isKnown = false;
        var fits = new List<(string Family, int Targets)>();
        var faults = new List<string>();
        foreach (string family in ModelKinds.All.Select(kind => kind.Family.Name))
            try
            {
                using var outline = ModelKinds.Published(family);
                var model = outline.Describe();
                isKnown |= model.Components.Any(component => Holds(component, model, dialect, names));
                using var read = AdapterFile.Read(file, model, allowUnmatched: true, outline.Weight);
                fits.Add((family, read.Targets.Count));
            }
            catch (LowrankException error)
            {
                faults.Add(error.Message);
            }
        if (fits.Count > 0) return ModelKinds.Published(fits.MaxBy(fit => fit.Targets).Family);
        // A model of another kind, of which the adapter's names are paths. Where they are a known one's, it is that in another shape.
        if (!isKnown && AdapterOutline.Of(file) is { } layers) return new ModelOutline("the layers that the adapter names", layers);
        throw new LowrankException($"{adapter} fits none of {string.Join(", ", ModelKinds.All.Select(kind => kind.Title))} as published. " +
            $"Give its base model with --base-model FOLDER or FILE. (For the first of them: {faults[0]})");
    }

    static bool Holds(ModelComponent component, ModelDescription model, Dialect dialect, HashSet<string> names) =>
        component.Targets.Any(target => dialect.Spelling.Names(model, component, target.Target).Any(names.Contains));
}

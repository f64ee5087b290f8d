using Lowrank.Adapters;
using Lowrank.Models;

namespace Lowrank.Cli;

/// <summary>The base model that adapters are read for.</summary>
/// <param name="Path">Folder or file; null takes the published shape that the adapters' names point to.</param>
/// <param name="Options">What a single file cannot say of itself.</param>
sealed record BaseRequest(string? Path, CheckpointOptions Options)
{
    /// <summary>Whether keys of adapters that belong to no layer are passed over, as those of a checkpoint are.</summary>
    public bool AllowUnmatched => Options.AllowUnknownKeys;

    /// <summary>Opens it, without loading weights.</summary>
    /// <param name="adapters">The adapters that it is for.</param>
    /// <exception cref="LowrankException">Adapters of two families, or none is given and the adapters do not tell it.</exception>
    public ModelOutline Open(params IReadOnlyList<string> adapters)
    {
        var families = adapters.Select(path => (Path: path, Family: Family(path))).ToList();
        var told = families.Where(f => f.Family is not null).DistinctBy(f => f.Family).ToList();
        if (told.Count > 1)
            throw new LowrankException($"The adapters are made for different base models: {string.Join(" and ", told.Select(f => $"{f.Path} for {FamilyGuess.Title(f.Family!)}"))}. Only adapters of one base model go together.");
        if (Path is null) return told is [var (_, family)] ? ModelKinds.Published(family!) : Fitting(adapters[0]);
        var outline = ModelKinds.Outline(Path, Options);
        if (told is not [var (adapter, other)] || other == outline.Family) return outline;
        string model = FamilyGuess.Title(outline.Family);
        outline.Dispose();
        throw new LowrankException($"{adapter} is made for {FamilyGuess.Title(other!)}, and {Path} is a model of {model}.");
    }

    // Names that several families have, or that do not tell widths: the published model that takes the most of it is meant.
    static ModelOutline Fitting(string adapter)
    {
        using var file = AdapterFile.Open(adapter);
        var dialect = Dialects.Of(file);   // a file that is no adapter fits nothing for another reason
        var names = AdapterInspection.Inspect(file).Modules.Select(module => module.Name).ToHashSet();
        bool isKnown = false;
        var fits = new List<(string Family, int Targets)>();
        var faults = new List<string>();
        foreach (string family in ModelKinds.All.Select(kind => kind.Family))
            try
            {
                using var outline = ModelKinds.Published(family);
                var model = outline.Describe();
                isKnown |= model.Components.Any(component => component.Targets.Any(t => dialect.Names(model, component, t.Target).Any(names.Contains)));
                using var read = AdapterFile.Read(file, model, allowLeftOver: true, outline.Weight);
                fits.Add((family, read.Targets.Count));
            }
            catch (LowrankException error)
            {
                faults.Add(error.Message);
            }
        if (fits.Count > 0) return ModelKinds.Published(fits.MaxBy(fit => fit.Targets).Family);
        // A model of another kind, of which the adapter's names are paths. Where they are those of a known one, it is that in another shape.
        if (!isKnown && AdapterOutline.Of(file) is { } layers) return new ModelOutline("the layers that the adapter names", layers);
        throw new LowrankException($"{adapter} fits none of {string.Join(", ", ModelKinds.All.Select(kind => kind.Title))} as published. Give its base model with --base-model FOLDER or FILE. (For the first of them: {faults[0]})");
    }

    static string? Family(string path)
    {
        using var file = AdapterFile.Open(path);
        return FamilyGuess.Of(file);
    }
}

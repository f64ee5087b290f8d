using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>A model that tells classes, with the adapters of a choice, loaded for a job.</summary>
sealed class ClassifyingModel : IDisposable
{
    readonly WritingAdapters adapters;

    ClassifyingModel(LanguageClassifier model, string location) =>
        (Model, adapters) = (model, new(model.Adapters, location, addUp: false));

    /// <summary>The model.</summary>
    public LanguageClassifier Model { get; }

    /// <summary>What the adapters are called on the model, in order.</summary>
    public IReadOnlyList<string> Names => adapters.Names;

    /// <summary>Loads it, and tells what of its files is not used. A base without a head for classes is one for adapters that bring
    /// theirs.</summary>
    /// <exception cref="LowrankException">Model, tokenizer or an adapter is missing or damaged, they do not fit each other, or the model
    /// tells no classes.</exception>
    public static ClassifyingModel Load(WritingModelChoice choice, LabelData data, JobRun run)
    {
        var storage = WritingModel.StorageOf(choice, Devices.Named(choice.Device));
        var (tokenizer, _) = WritingTokenizer.Of(choice, run);
        var loading = run.Begin("loading the model");
        var loaded = new ClassifyingModel(ToldLabels(choice) is { } labels
            ? LanguageClassifier.LoadFor(choice.Path, labels, storage, tokenizer)
            : LanguageClassifier.Load(choice.Path, storage, tokenizer, LabelsOf(choice, data)), choice.Path);
        try
        {
            foreach (string note in loaded.Model.Network.Notes.Concat(tokenizer.Notes)) run.Say(note);
            loaded.adapters.AddAll(choice, run);
            if (loaded.Model.Network.LacksHead) loaded.DemandHeads(choice);
            loading.Done();
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    // The classes that the adapters were trained for, where these tell.
    static IReadOnlyList<string>? ToldLabels(WritingModelChoice choice)
    {
        foreach (var adapter in choice.Adapters)
        {
            using var file = AdapterFile.Open(adapter.Path);
            if (HeadMetadata.LabelsIn(file.Metadata) is { } labels) return labels;
        }
        return null;
    }

    // Without an adapter nobody brings a head.
    static string[]? LabelsOf(WritingModelChoice choice, LabelData data)
    {
        if (choice.Adapters.Count == 0) return null;
        return [.. Enumerable.Range(0, Math.Max(1, data.Classes.Count)).Select(number => $"LABEL_{number}")];
    }

    void DemandHeads(WritingModelChoice choice)
    {
        var heads = Model.Network.HeadPaths;
        foreach (var (place, name) in Names.Index())
        {
            var targets = Model.Adapters[name].Adapter.Targets.Keys;
            if (targets.Any(Model.Network.IsOfHead)) continue;
            throw new LowrankException($"{choice.Path} has no head for classes, and {choice.Adapters[place].Path} brings none " +
                $"({string.Join(", ", heads)}): nothing tells classes. Give the model that the adapter was trained on, with its head.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}

using Lowrank.Language;

namespace Lowrank.Workbench;

/// <summary>What is given as a model and is something else: an adapter, or a tokenizer alone.</summary>
static class GivenModels
{
    /// <summary>Refuses it by what it is, before something of it is found missing.</summary>
    /// <param name="places">Places of models.</param>
    /// <exception cref="LowrankException">One is an adapter, or a folder with a tokenizer alone.</exception>
    public static void Check(params IEnumerable<string> places)
    {
        foreach (string place in places)
        {
            if (!Directory.Exists(place) || settings.Any(name => File.Exists(Path.Combine(place, name)))) continue;
            if (AdapterPlace.IsFolder(place))
                throw new LowrankException(
                    $"{place} is an adapter, not a model{TrainedOver(place)}. A model is given by its own folder or file.");
            if (Tokenizers.AreIn(place) && !HoldsWeights(place))
                throw new LowrankException($"{place} holds a tokenizer alone: no config.json and no weights. Give the model's own folder.");
        }
    }

    // Those by which a folder is a model's.
    static readonly string[] settings = ["config.json", "model_index.json"];

    static bool HoldsWeights(string folder) =>
        Directory.EnumerateFiles(folder).Any(file => HubSelection.EndsAsWeights(Path.GetFileName(file)));

    static string TrainedOver(string place)
    {
        using var file = AdapterFile.Open(place);
        return TrainedBases.NameIn(file.Metadata) is { } name ? $" (trained over {name}, as its settings tell)" : "";
    }
}

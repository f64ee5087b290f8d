using System.Text.Json;

namespace Lowrank.Workbench;

/// <summary>Looks whether the base or an adapter of a request is one that draws in few steps.</summary>
static class FewStepSettings
{
    /// <summary>The request with its settings, and what is said of that; the request itself and null where nothing is.</summary>
    public static (GeneratingRequest Request, string? Told) Taken(
        GeneratingRequest request, AttachedAdapters adapters, StableDiffusion model)
    {
        if (Of(request, adapters) is not { } few) return (request, null);
        var options = request.Options;
        // What a model predicts is asked for where it is loaded.
        var given = request.Given | (request.ModelOptions.Prediction is null ? GivenSampling.None : GivenSampling.Prediction);
        return (request with { Options = few.Applied(options, given, model.Scheduler) }, few.Sentence(options, given));
    }

    static DistilledSettings? Of(GeneratingRequest request, AttachedAdapters adapters)
    {
        var used = adapters.All.Zip(request.Adapters).Where(pair => pair.Second.Strength != 0);
        var hints = used.Select(pair => DistilledHint.Of("adapter", pair.Second.Path, pair.First.Metadata));
        return DistilledKinds.Recognized(OfBase(request.Model), hints);
    }

    static DistilledHint OfBase(string path)
    {
        using var place = ModelPlace.Open(path);
        return DistilledHint.Of("base model", place.Path, place.File?.Metadata ?? Index(place));
    }

    // Of a folder's index the words: "_name_or_path" is where it came from.
    static Dictionary<string, string>? Index(ModelPlace place) => place.HasIndex
        ? JsonFile.Object(place.Inner("model_index.json")).EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.String)
            .GroupBy(field => field.Name).ToDictionary(fields => fields.Key, fields => fields.Last().Value.GetString()!)
        : null;
}

using System.Text.Json;

namespace Lowrank.Workbench;

/// <summary>Looks whether the base or an adapter of a request is one that draws in few steps.</summary>
static class FewStepSettings
{
    /// <summary>Its settings; null where nothing is.</summary>
    public static DistilledSettings? Of(GeneratingRequest request, AttachedAdapters adapters)
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

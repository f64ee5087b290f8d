namespace Lowrank.Models;

/// <summary>
/// Looks into a base model without loading weights (or libtorch, but to guess what an SD 2 checkpoint predicts): the headers tell.
/// </summary>
public static class BaseModelInspection
{
    /// <summary>
    /// Whether a path looks like a base model: a folder with an index of its parts, or a file or folder that a kind recognizes.
    /// </summary>
    public static bool Recognizes(string path)
    {
        using var place = ModelPlace.Open(path);
        return place.HasIndex || ModelKinds.Recognizing(place) is not null;
    }

    /// <summary>Reports on a folder or file.</summary>
    /// <exception cref="LowrankException">It is no base model that is known, or a file is missing or unusable.</exception>
    public static BaseModelReport Inspect(string path)
    {
        using var place = ModelPlace.Open(path);
        return ModelKinds.Of(place).Inspect(place);
    }

    /// <summary>Reports on a file that is open, and stays so.</summary>
    /// <exception cref="LowrankException">It is no base model that is known.</exception>
    public static BaseModelReport Inspect(ITensorFile file)
    {
        using var place = ModelPlace.Of(file);
        return ModelKinds.Of(place).Inspect(place);
    }

    /// <summary>The same; null for a file that is no base model.</summary>
    public static BaseModelReport? InspectIfModel(ITensorFile file)
    {
        using var place = ModelPlace.Of(file);
        return ModelKinds.Recognizing(place)?.Inspect(place);
    }
}

namespace Lowrank.Adapters;

/// <summary>For which family of base models a file was made, told by its names and widths: for errors and for inspecting.</summary>
public static class FamilyGuess
{
    /// <summary>The first family of which a tensor tells; null where none does.</summary>
    /// <param name="file">The adapter's file.</param>
    /// <param name="families">Those that it may be for.</param>
    public static ModelFamily? Of(ITensorFile file, IReadOnlyList<ModelFamily> families)
    {
        return families.FirstOrDefault(family => file.Tensors.Any(tensor => family.IsToldBy(tensor.Name, tensor.Shape)));
    }

    /// <summary>The family of which a file tells, where it is not that of the model at hand; null where it is, or none is told.</summary>
    /// <param name="file">The adapter's file.</param>
    /// <param name="model">The model; a file may tell of its family beside others.</param>
    public static ModelFamily? Other(ITensorFile file, ModelDescription model)
    {
        var told = Of(file, model.Families);
        if (told is null || told.Name == model.Family.Name) return null;
        return Of(file, [model.Family]) is null ? told : null;
    }
}

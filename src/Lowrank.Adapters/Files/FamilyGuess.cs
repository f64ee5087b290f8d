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
}

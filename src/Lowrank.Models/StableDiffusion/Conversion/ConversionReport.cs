namespace Lowrank.Models;

/// <summary>What a conversion between the two layouts of a base model wrote.</summary>
/// <param name="Path">The folder or file written.</param>
/// <param name="Family">"sd1", "sd2", "sdxl" or "sdxl-refiner".</param>
/// <param name="Tensors">Tensors written.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Unused">Keys of the checkpoint that the folder has no place for.</param>
/// <param name="Notes">What was guessed, or cannot be held by the new layout; a sentence each.</param>
public sealed record ConversionReport(
    string Path,
    string Family,
    int Tensors,
    long Bytes,
    IReadOnlyList<string> Unused,
    IReadOnlyList<string> Notes);

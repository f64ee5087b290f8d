namespace Lowrank.Models;

/// <summary>What is known of one part of a base model without loading it.</summary>
/// <param name="Name">Its name and folder: "unet".</param>
/// <param name="Class">Its class: "UNet2DConditionModel".</param>
/// <param name="File">Its weights file; null for a part without weights.</param>
/// <param name="Parameters">Number of parameters; integer buffers such as position_ids do not count.</param>
/// <param name="Bytes">Bytes of its weights as stored.</param>
/// <param name="Dtypes">How many parameters are stored in each dtype: "F16".</param>
public sealed record ComponentReport(string Name, string Class, string? File, long Parameters, long Bytes, IReadOnlyDictionary<string, long> Dtypes);

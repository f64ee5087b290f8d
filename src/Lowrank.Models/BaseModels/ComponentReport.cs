namespace Lowrank.Models;

/// <summary>What is known of one part of a base model without loading it.</summary>
/// <param name="Name">Its name and folder: "unet".</param>
/// <param name="Class">Its class: "UNet2DConditionModel".</param>
/// <param name="File">Its weights file; null for a part without weights.</param>
/// <param name="Parameters">Number of parameters; integer buffers such as position_ids do not count.</param>
/// <param name="Bytes">Bytes of its weights as stored.</param>
/// <param name="Dtypes">How many parameters are stored in each dtype: "F16".</param>
public sealed record ComponentReport(
    string Name,
    string Class,
    string? File,
    long Parameters,
    long Bytes,
    IReadOnlyDictionary<string, long> Dtypes)
{
    /// <summary>A part with these weights.</summary>
    public static ComponentReport Of(string name, string className, string file, IEnumerable<TensorInfo> weights)
    {
        var all = weights.ToList();
        var dtypes = all.GroupBy(tensor => tensor.Dtype.ToString())
            .ToDictionary(group => group.Key, group => group.Sum(tensor => tensor.Count));
        return new(name, className, file, all.Sum(tensor => tensor.Count), all.Sum(tensor => tensor.Bytes), dtypes);
    }

    /// <summary>A part that has no weights, or whose weights cannot be told.</summary>
    public static ComponentReport WithoutWeights(string name, string className, string? file = null) =>
        new(name, className, file, 0, 0, new Dictionary<string, long>());
}

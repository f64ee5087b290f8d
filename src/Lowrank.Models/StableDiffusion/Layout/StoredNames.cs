namespace Lowrank.Models;

/// <summary>Which names a part's tensors have in its file.</summary>
static class StoredNames
{
    /// <summary>Stored names of a part by the published ones, without what is no weight.</summary>
    /// <exception cref="LowrankException">Two stored names mean the same.</exception>
    internal static IReadOnlyDictionary<string, string> Of(string part, ITensorFile file)
    {
        Func<string, string>? published = part switch { "unet" => null, "vae" => AutoencoderKL.NewName, _ => ClipTextModel.PublishedName };
        return Weights.Named(file, published).Where(pair => !ClipTextModel.IsPositionIds(pair.Key)).ToDictionary();
    }
}

namespace Lowrank.Adapters;

/// <summary>The hashes by which sites and programs know a file, as they write them.</summary>
/// <param name="Sha256">SHA-256 of the file, lower case.</param>
/// <param name="AutoV1">The first 8 digits over bytes 0x100000 to 0x110000 of the file, lower case.</param>
/// <param name="AutoV2">The first 10 digits of the file's SHA-256, upper case.</param>
/// <param name="AutoV3">The first 12 digits over the data after the header, upper case; null for what is no safetensors file.</param>
/// <param name="ModelHash">sshs_model_hash as it would be written today, over tensors in kohya's order; null where a tensor is in few bits,
/// which no safetensors file holds so.</param>
/// <param name="LegacyHash">sshs_legacy_hash likewise, over the file with ss_* metadata alone.</param>
/// <param name="Notes">Where the file tells other hashes of itself, a sentence each.</param>
public sealed record FileHashes(
    string Sha256, string AutoV1, string AutoV2, string? AutoV3, string? ModelHash, string? LegacyHash, IReadOnlyList<string> Notes)
{
    /// <summary>Hashes a file; reads it twice.</summary>
    /// <param name="path">The file itself, of a folder the tensors'.</param>
    /// <param name="file">The same, open.</param>
    public static FileHashes Of(string path, ITensorFile file)
    {
        string sha256 = FileSha256.Of(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
        var asItStands = KohyaHashes.Of(stream);
        string autoV2 = sha256[..10].ToUpperInvariant();
        string? autoV3 = file.Container == "safetensors" ? asItStands.ModelHash[..12].ToUpperInvariant() : null;
        if (!file.Tensors.All(info => TensorDtypes.All.Contains(info.Dtype)))
            return new(sha256, asItStands.LegacyHash, autoV2, autoV3, null, null, []);
        var anew = KohyaHashes.Of(file);
        return new(
            sha256, asItStands.LegacyHash, autoV2, autoV3, anew.ModelHash, anew.LegacyHash, [.. Mismatches(file, anew, asItStands)]);
    }

    // LyCORIS writes 0x and a hash over another order, which cannot be checked.
    static IEnumerable<string> Mismatches(ITensorFile file, KohyaHashes anew, KohyaHashes asItStands)
    {
        if (!file.Metadata.TryGetValue("sshs_model_hash", out var model) || model.StartsWith("0x", StringComparison.Ordinal)) yield break;
        if (model == anew.ModelHash || model == asItStands.ModelHash) yield break;
        string told = model.Length > 12 ? model[..12] + "..." : model;
        yield return $"The file tells sshs_model_hash {told}, which is not that of its tensors: " +
            "they were changed after it was written.";
    }
}

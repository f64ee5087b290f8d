namespace Lowrank.Training;

/// <summary>Saves an adapter as kohya's tools do: with the run's metadata, modelspec and the hashes over the tensors.</summary>
public static class AdapterSaving
{
    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="NotFiniteValuesException">A part holds NaN or infinity; nothing is written.</exception>
    public static void Save(string path, Adapter adapter, ModelDescription model, ScalarType dtype, Dictionary<string, string> metadata, ModelSpec spec)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var tensors = AdapterFile.Spell(adapter, model, Dialects.Named("kohya"), dtype);
        foreach (var (key, value) in tensors)
            if (!value.isfinite().all().ToBoolean()) throw new NotFiniteValuesException($"{key} holds values that are not finite in {dtype}, and was not saved to {path}");
        var hashes = KohyaHashes.Of(tensors, metadata);
        var all = new Dictionary<string, string>(metadata) { ["sshs_model_hash"] = hashes.ModelHash, ["sshs_legacy_hash"] = hashes.LegacyHash };
        foreach (var (key, value) in spec.ToMetadata()) all[key] = value;
        all["modelspec.hash_sha256"] = "0x" + hashes.ModelHash;
        Safetensors.Save(path, tensors, all);
    }
}

/// <summary>A part of an adapter holds NaN or infinity.</summary>
public sealed class NotFiniteValuesException(string message) : LowrankException(message);

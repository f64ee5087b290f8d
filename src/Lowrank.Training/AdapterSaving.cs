namespace Lowrank.Training;

/// <summary>Saves an adapter as kohya's tools do, with the run's metadata, modelspec and the hashes over the tensors; methods of PEFT alone as a PEFT folder.</summary>
public static class AdapterSaving
{
    /// <summary>The dialect in which an adapter is saved: kohya's where it has a name for every part, else PEFT's.</summary>
    /// <exception cref="LowrankException">Neither has.</exception>
    public static Dialect DialectOf(Adapter adapter) => new[] { "kohya", "peft" }.Select(Dialects.Named).FirstOrDefault(dialect => Names(dialect, adapter))
        ?? throw new LowrankException($"no kind of file holds all of {string.Join(", ", adapter.Targets.Values.Select(r => r.Method.Name).Distinct())} in one adapter; leave one of these methods out");

    static bool Names(Dialect dialect, Adapter adapter)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        // A PEFT folder is of one method; whole weights lie beside it and not alone.
        return (dialect.Name != "peft" || adapter.Targets.Values.Select(r => r.Method).Where(m => m != Replacement.Descriptor).Distinct().Count() == 1)
            && adapter.Targets.Values.All(made => made.Parts.All(p => dialect.Layout.LeavesOut(made, p.Part) || dialect.Spelling.KeyOf(made, p.Part, "", ComponentRole.Network) is not null));
    }

    /// <summary>Writes the file, whole or not at all, and tells where: a PEFT folder has the path without its ending.</summary>
    /// <exception cref="NotFiniteValuesException">A part holds NaN or infinity; nothing is written.</exception>
    public static string Save(string path, Adapter adapter, ModelDescription model, ScalarType dtype, Dictionary<string, string> metadata, ModelSpec spec)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var dialect = DialectOf(adapter);
        var tensors = AdapterFile.Spell(adapter, model, dialect, dtype);
        foreach (var (key, value) in tensors)
            if (!value.isfinite().all().ToBoolean()) throw new NotFiniteValuesException($"{key} holds values that are not finite in {dtype}, and was not saved to {path}");
        if (dialect.Name == "peft")
        {
            string folder = Path.ChangeExtension(path, null);
            AdapterFile.Write(folder, adapter, model, dialect.Name, dtype, metadata);
            return folder;
        }
        var hashes = KohyaHashes.Of(tensors, metadata);
        var all = new Dictionary<string, string>(metadata) { ["sshs_model_hash"] = hashes.ModelHash, ["sshs_legacy_hash"] = hashes.LegacyHash };
        foreach (var (key, value) in spec.ToMetadata()) all[key] = value;
        all["modelspec.hash_sha256"] = "0x" + hashes.ModelHash;
        Safetensors.Save(path, tensors, all);
        return path;
    }
}

/// <summary>A part of an adapter holds NaN or infinity.</summary>
public sealed class NotFiniteValuesException(string message) : LowrankException(message);

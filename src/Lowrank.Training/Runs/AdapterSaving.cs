namespace Lowrank.Training;

/// <summary>
/// Saves an adapter as kohya's tools do, with the run's metadata, modelspec and the hashes over the tensors; methods of PEFT alone as a
/// PEFT folder, and what neither holds in another dialect that does.
/// </summary>
public static class AdapterSaving
{
    /// <summary>
    /// The dialect in which an adapter is saved: the first of those that are usual for its kind of training that has a name for every part,
    /// else the first of all that has.
    /// </summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">What it adapts.</param>
    /// <param name="names">The usual ones; null: kohya's, then PEFT's.</param>
    /// <exception cref="LowrankException">None has.</exception>
    public static Dialect DialectOf(Adapter adapter, ModelDescription model, IReadOnlyList<string>? names = null)
    {
        var usual = (names ?? ["kohya", "peft"]).Select(Dialects.Named).ToList();
        if (usual.Concat(Dialects.All).FirstOrDefault(dialect => dialect.Refuses(adapter, model) is null) is { } found) return found;
        string methods = string.Join(", ", adapter.Targets.Values.Select(made => made.Method.Name).Distinct());
        string reasons = string.Join("; ", usual.Select(dialect => $"{dialect.Name}: {dialect.Refuses(adapter, model)}"));
        throw new LowrankException(
            $"no kind of file holds {methods} as it stands here ({reasons}); leave one of the methods or components out");
    }

    /// <summary>Writes the file, whole or not at all, and tells where: a PEFT folder has the path without its ending.</summary>
    /// <exception cref="SpoiltAdapterException">A part holds NaN or infinity; nothing is written.</exception>
    public static string Save(
        string path, Adapter adapter, ModelDescription model, ScalarType dtype, IReadOnlyDictionary<string, string> metadata,
        ModelSpec spec, IReadOnlyList<string>? dialects = null)
    {
        var dialect = DialectOf(adapter, model, dialects);
        // The modelspec is told of single files; a folder's configuration tells what it holds.
        return dialect.Packaging.WritesFolder
            ? AdapterConversion.Write(Path.ChangeExtension(path, null), adapter, model, dialect, dtype, metadata).Path
            : AdapterConversion.Write(path, adapter, model, dialect, dtype, metadata.Concat(spec.ToMetadata()).ToDictionary()).Path;
    }
}

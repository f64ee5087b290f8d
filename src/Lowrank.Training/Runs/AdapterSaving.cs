namespace Lowrank.Training;

/// <summary>
/// Saves an adapter as kohya's tools do, with the run's metadata, modelspec and the hashes over the tensors; methods of PEFT alone as a
/// PEFT folder, and what neither holds in another dialect that does.
/// </summary>
public static class AdapterSaving
{
    /// <summary>
    /// The dialect in which an adapter is saved: kohya's where it has a name for every part, else PEFT's, else the first of all that has.
    /// </summary>
    /// <exception cref="LowrankException">None has.</exception>
    public static Dialect DialectOf(Adapter adapter, ModelDescription model)
    {
        foreach (var dialect in new[] { "kohya", "peft" }.Select(Dialects.Named))
            if (Names(dialect, adapter)) return dialect;
        if (Dialects.All.FirstOrDefault(dialect => dialect.Refuses(adapter, model) is null) is { } other) return other;
        string methods = string.Join(", ", adapter.Targets.Values.Select(made => made.Method.Name).Distinct());
        throw new LowrankException($"no kind of file holds all of {methods} in one adapter; leave one of these methods out");
    }

    static bool Names(Dialect dialect, Adapter adapter)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        return (dialect.Name != "peft" || IsOfOneMethod(adapter)) && adapter.Targets.Values.All(made => Names(dialect, made));
    }

    // As a PEFT folder is; whole weights lie beside it and not alone.
    static bool IsOfOneMethod(Adapter adapter) =>
        adapter.Targets.Values.Select(made => made.Method).Where(method => method != Replacement.Descriptor).Distinct().Count() == 1;

    static bool Names(Dialect dialect, Reparameterization made) =>
        made.Parts.All(p =>
            dialect.Layout.LeavesOut(made, p.Part) || dialect.Spelling.KeyOf(made, p.Part, "", ComponentRole.Network) is not null);

    /// <summary>Writes the file, whole or not at all, and tells where: a PEFT folder has the path without its ending.</summary>
    /// <exception cref="SpoiltAdapterException">A part holds NaN or infinity; nothing is written.</exception>
    public static string Save(
        string path, Adapter adapter, ModelDescription model, ScalarType dtype, IReadOnlyDictionary<string, string> metadata,
        ModelSpec spec)
    {
        var dialect = DialectOf(adapter, model);
        // The modelspec is told of single files; a folder's configuration tells what it holds.
        return dialect.Packaging.WritesFolder
            ? AdapterConversion.Write(Path.ChangeExtension(path, null), adapter, model, dialect, dtype, metadata).Path
            : AdapterConversion.Write(path, adapter, model, dialect, dtype, metadata.Concat(spec.ToMetadata()).ToDictionary()).Path;
    }
}

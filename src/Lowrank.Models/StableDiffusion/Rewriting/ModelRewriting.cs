namespace Lowrank.Models;

/// <summary>
/// Writes a base model anew with some of its weights changed: a single file as a safetensors file with the same keys, a folder as a folder,
/// a GGUF file as a GGUF file.
/// One tensor is in memory at a time; what is not changed keeps its bits, and the new model is there whole or not at all.
/// </summary>
public static class ModelRewriting
{
    /// <summary>Writes the changed model.</summary>
    /// <param name="model">The model, open.</param>
    /// <param name="output">The file or folder to be.</param>
    /// <param name="edit">What is changed.</param>
    /// <param name="options">Whether to overwrite, dtype, metadata.</param>
    /// <param name="cancel">Stops between two tensors; nothing is left then.</param>
    /// <exception cref="LowrankException">
    /// The model is none that can be written, the output cannot be, or a changed weight does not fit into its dtype.
    /// </exception>
    public static RewriteReport Rewrite(
        ModelOutline model, string output, WeightEdit edit, RewriteOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new();
        if (options.Dtype is { } dtype && !dtype.IsFloat())
            throw new LowrankException($"weights are floats, and cannot be written as {dtype}.");
        return model switch
        {
            StableDiffusionOutline { Checkpoint: { } checkpoint } => ToFile(model, checkpoint, output, edit, options, cancel),
            StableDiffusionOutline { HasWeights: true } => ToFolder(model, output, edit, options, cancel),
            LanguageOutline { Folder.File: GgufWeights file } of => GgufRewriting.Rewrite(of, file, output, edit, options, cancel),
            LanguageOutline folder => LanguageRewriting.Rewrite(folder, output, edit, options, cancel),
            _ => throw new LowrankException($"{model.Location} is a shape alone. Give the model's folder or file, which has weights."),
        };
    }

    static RewriteReport ToFile(
        ModelOutline model, ModelCheckpoint checkpoint, string output, WeightEdit edit, RewriteOptions options, CancellationToken cancel)
    {
        OutputPlace.CheckFile(output, options.Overwrite, [model.Location, .. options.Inputs]);
        OutputPlace.CheckEnding(output);
        var owners = checkpoint.Owners();
        using var work = new RewritingWork(checkpoint.Stored.Tensors.Sum(tensor => tensor.Bytes), edit, options, cancel);
        var sources = new List<TensorSource>();
        foreach (var tensor in checkpoint.Stored.Tensors)
        {
            var owned = owners.GetValueOrDefault(tensor.Name, []).Select(owner => ($"{owner.Part}.{owner.Own}", owner.Folding));
            sources.Add(work.Source(tensor, checkpoint.Stored, [.. owned]));
        }
        long bytes = sources.Sum(source => source.Info.Bytes);
        OutputPlace.CheckSpace(output, bytes);
        Safetensors.SaveLazily(output, sources, Metadata(checkpoint.Stored, options), options.Overwrite);
        return new(output, model.Family, work.Changed, sources.Count, bytes, [.. NotesOn(checkpoint), .. work.Notes()]);
    }

    /// <summary>Makes sure that a folder can be made of a model's.</summary>
    /// <returns>The model's folder, whole.</returns>
    internal static string CheckFolder(ModelOutline model, string output, RewriteOptions options)
    {
        bool isFilled = Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any();
        if (options.Overwrite && isFilled)
            throw new LowrankException($"{output} is a folder that is not empty. Overwriting replaces files alone, for a folder may hold " +
                "more than the model: remove it, or give the name of a new one.");
        OutputPlace.CheckFolder(output, [model.Location, .. options.Inputs]);
        string source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Location));
        AssertFolderBeside(source, model.Location, output);
        return source;
    }

    static RewriteReport ToFolder(ModelOutline model, string output, WeightEdit edit, RewriteOptions options, CancellationToken cancel)
    {
        string source = CheckFolder(model, output, options);
        var changed = model.Describe().Components.Select(component => model.WeightsOf(component.Name)!)
            .Where(part => options.Dtype is not null || part.Stored.Keys.Any(own => edit.Touches($"{part.Component}.{own}"))).ToList();
        var copied = ModelFolderFiles.In(source).Where(file => !IsWeightsOf(changed, file)).ToList();
        long copiedBytes = copied.Sum(file => new FileInfo(Path.Combine(source, file)).Length);
        long changedBytes = changed.Sum(part => part.File.Tensors.Sum(tensor => tensor.Bytes));
        using var work = new RewritingWork(copiedBytes + changedBytes, edit, options, cancel);
        OutputPlace.CheckSpace(output, work.Total);

        return AtomicFolder.Write(output, aside =>
        {
            foreach (string file in copied)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(aside, file))!);
                File.Copy(Path.Combine(source, file), Path.Combine(aside, file));
                work.Count(new FileInfo(Path.Combine(source, file)).Length);
            }
            var written = changed.SelectMany(part => Write(part, aside, work)).ToList();
            int tensors = written.Count + copied.Sum(file => TensorsIn(Path.Combine(source, file)));
            long bytes = copiedBytes + written.Sum(tensor => tensor.Info.Bytes);
            string[] kept = options.Dtype is null ? [] : [.. copied.Where(file => Path.GetExtension(file) == ".safetensors")];
            IEnumerable<string> notes = kept.Select(file => $"{file} is copied as it was, in its own dtype: no adapter reaches it");
            return new RewriteReport(output, model.Family, work.Changed, tensors, bytes, [.. work.Notes(), .. notes]);
        });
    }

    static List<TensorSource> Write(PartWeights part, string folder, RewritingWork work)
    {
        var own = part.Stored.ToDictionary(pair => pair.Value, pair => pair.Key);
        var sources = new List<TensorSource>();
        foreach (var tensor in part.File.Tensors)
        {
            IReadOnlyList<(string, Folding)> owner = own.TryGetValue(tensor.Name, out var name)
                ? [($"{part.Component}.{name}", Folding.Same)]
                : [];
            sources.Add(work.Source(tensor, part.File, owner));
        }
        string path = Path.Combine(folder, part.Component, FolderParts.StemOf(part.Component) + ".safetensors");
        Safetensors.SaveLazily(path, sources, Metadata(part.File, new()));
        return sources;
    }

    static void AssertFolderBeside(string source, string location, string output)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        if (Path.GetExtension(full) is ".safetensors" or ".ckpt")
            throw new LowrankException($"{output} is to be a folder, as {location} is one, and its name is a file's. " +
                "Name a folder; `lowrank convert` makes a single file of it.");
        if (full.StartsWith(source + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new LowrankException($"{output} lies in {location}, which is being copied. Name a folder elsewhere.");
    }

    // A changed part's weights, shards and variants too, which would stay as they were.
    static bool IsWeightsOf(IEnumerable<PartWeights> changed, string file)
    {
        string folder = file.Split(Path.DirectorySeparatorChar)[0];
        bool isWeights = Path.GetExtension(file) is ".safetensors" or ".bin" or ".msgpack" or ".h5" or ".onnx"
            || file.Contains(".index.", StringComparison.Ordinal);
        return isWeights && changed.Any(part => part.Component == folder);
    }

    static int TensorsIn(string file)
    {
        if (Path.GetExtension(file) is not (".safetensors" or ".bin" or ".ckpt" or ".pt")) return 0;
        using var opened = Containers.Open(file);
        return opened.Tensors.Count;
    }

    // A hash of the old weights would be wrong.
    internal static Dictionary<string, string> Metadata(ITensorFile file, RewriteOptions options)
    {
        var metadata = file.Metadata.Where(pair => pair.Key is not "modelspec.hash_sha256").ToDictionary();
        metadata.TryAdd("format", "pt");
        foreach (var (name, value) in options.Metadata) metadata[name] = value;
        return metadata;
    }

    static IEnumerable<string> NotesOn(ModelCheckpoint checkpoint)
    {
        foreach (string note in checkpoint.Stored.Notes) yield return note;
        if (checkpoint.Kind.HoldsAverages)
            yield return $"{checkpoint.Path} holds moving averages of the network (EMA) beside its weights; they were copied as they are.";
        if (checkpoint.Unknown is { Count: > 0 } unknown)
            yield return $"{checkpoint.Path} holds {unknown.Count} keys that are not known, such as {unknown[0]}; " +
                "they were copied as they are.";
    }
}

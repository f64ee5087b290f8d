namespace Lowrank.Models;

/// <summary>
/// Writes a base model anew with some of its weights changed: a single file as a safetensors file with the same keys, a folder as a folder.
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
    /// <exception cref="LowrankException">The output cannot be written, or a changed weight does not fit into its dtype.</exception>
    public static RewriteReport Rewrite(ModelOutline model, string output, WeightEdit edit, RewriteOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new();
        if (options.Dtype is { } dtype && !IsFloat(dtype)) throw new LowrankException($"weights are floats, and cannot be written as {dtype}.");
        return model.Checkpoint is { } checkpoint ? ToFile(model, checkpoint, output, edit, options, cancel) : ToFolder(model, output, edit, options, cancel);
    }

    static RewriteReport ToFile(ModelOutline model, ModelCheckpoint checkpoint, string output, WeightEdit edit, RewriteOptions options, CancellationToken cancel)
    {
        OutputPlace.CheckFile(output, options.Overwrite, [model.Location, .. options.Inputs]);
        if (Path.GetExtension(output) != ".safetensors") throw new LowrankException($"{output} does not end in .safetensors, which is what is written.");
        var owners = checkpoint.Owners();
        using var work = new Work(checkpoint.Stored.Tensors.Sum(tensor => tensor.Bytes), edit, options, cancel);
        List<TensorSource> sources = [.. checkpoint.Stored.Tensors.Select(tensor => work.Source(tensor, checkpoint.Stored,
            [.. owners.GetValueOrDefault(tensor.Name, []).Select(owner => ($"{owner.Part}.{owner.Own}", owner.Folding))]))];
        long bytes = sources.Sum(source => source.Info.Bytes);
        OutputPlace.CheckSpace(output, bytes);
        Safetensors.SaveLazily(output, sources, Metadata(checkpoint.Stored, options));
        return new(output, model.Family, work.Changed, sources.Count, bytes, [.. NotesOn(checkpoint)]);
    }

    static RewriteReport ToFolder(ModelOutline model, string output, WeightEdit edit, RewriteOptions options, CancellationToken cancel)
    {
        OutputPlace.CheckFolder(output, [model.Location, .. options.Inputs]);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output)), source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Location));
        if (Path.GetExtension(full) is ".safetensors" or ".ckpt")
            throw new LowrankException($"{output} is to be a folder, as {model.Location} is one, and its name is a file's. Name a folder; `lowrank convert` makes a single file of it.");
        if (full.StartsWith(source + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new LowrankException($"{output} lies in {model.Location}, which is being copied. Name a folder elsewhere.");
        var changed = model.Describe().Components.Select(component => component.Name)
            .Where(name => options.Dtype is not null || model.PartOf(name)!.Value.Stored.Keys.Any(own => edit.Touches($"{name}.{own}"))).ToList();
        var copied = Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(source, file))
            .Where(file => !IsHidden(file) && !(changed.Contains(file.Split(Path.DirectorySeparatorChar)[0]) && IsWeights(file))).ToList();
        long copiedBytes = copied.Sum(file => new FileInfo(Path.Combine(source, file)).Length);
        using var work = new Work(copiedBytes + changed.Sum(name => model.PartOf(name)!.Value.File.Tensors.Sum(tensor => tensor.Bytes)), edit, options, cancel);
        OutputPlace.CheckSpace(output, work.Total);

        int tensors = 0;
        long bytes = copiedBytes;
        return AtomicFolder.Write(output, aside =>
        {
            foreach (string file in copied)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(aside, file))!);
                File.Copy(Path.Combine(source, file), Path.Combine(aside, file));
                work.Count(new FileInfo(Path.Combine(source, file)).Length);
            }
            foreach (string name in changed)
            {
                var (file, stored) = model.PartOf(name)!.Value;
                var own = stored.ToDictionary(pair => pair.Value, pair => pair.Key);
                List<TensorSource> sources = [.. file.Tensors.Select(tensor => work.Source(tensor, file, [($"{name}.{own[tensor.Name]}", Folding.Same)]))];
                Safetensors.SaveLazily(Path.Combine(aside, name, ModelSource.StemOf(name) + ".safetensors"), sources, Metadata(file, new()));
                tensors += sources.Count;
                bytes += sources.Sum(s => s.Info.Bytes);
            }
            return new RewriteReport(output, model.Family, work.Changed, tensors, bytes, []);
        });
    }

    // A changed part's weights, shards and variants too, which would stay as they were.
    static bool IsWeights(string file) => Path.GetExtension(file) is ".safetensors" or ".bin" or ".msgpack" or ".h5" or ".onnx" || file.Contains(".index.", StringComparison.Ordinal);

    static bool IsHidden(string file) => file.Split(Path.DirectorySeparatorChar).Any(name => name[0] == '.');

    static bool IsFloat(TensorDtype dtype) => dtype.IsFloat();

    // A hash of the old weights would be wrong.
    static Dictionary<string, string> Metadata(ITensorFile file, RewriteOptions options)
    {
        var metadata = file.Metadata.Where(pair => pair.Key is not "modelspec.hash_sha256").ToDictionary();
        metadata.TryAdd("format", "pt");
        foreach (var (name, value) in options.Metadata) metadata[name] = value;
        return metadata;
    }

    static IEnumerable<string> NotesOn(ModelCheckpoint checkpoint)
    {
        if (checkpoint.Kind.HoldsAverages) yield return $"{checkpoint.Path} holds moving averages of the network (EMA) beside its weights; they were copied as they are.";
        if (checkpoint.Unknown is { Count: > 0 } unknown) yield return $"{checkpoint.Path} holds {unknown.Count} keys that are not known, such as {unknown[0]}; they were copied as they are.";
    }

    sealed class Work(long total, WeightEdit edit, RewriteOptions options, CancellationToken cancel) : IDisposable
    {
        readonly Scratch scratch = new();
        long done;

        public long Total => total;

        public int Changed { get; private set; }

        public void Count(long bytes)
        {
            cancel.ThrowIfCancellationRequested();
            options.Progress?.Invoke(done += bytes, total);
        }

        /// <summary>A tensor of the new file: changed where one of its owners is.</summary>
        public TensorSource Source(TensorInfo stored, ITensorFile file, IReadOnlyList<(string Name, Folding Folding)> owners)
        {
            var info = options.Dtype is { } dtype && IsFloat(stored.Dtype) ? stored with { Dtype = dtype } : stored;
            var touched = owners.Where(owner => edit.Touches(owner.Name)).ToList();
            return new(info, () =>
            {
                using var scope = NewDisposeScope();
                using var grad = no_grad();
                var tensor = file.Read(stored.Name, scratch);
                if (touched.Count > 0 && tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64)) tensor = scratch.Copy(tensor, ScalarType.Float32);
                foreach (var (name, folding) in touched) tensor = Edited(name, folding, tensor);
                if (tensor.dtype != info.Dtype.ToScalarType()) tensor = Narrowed(tensor, info, touched.Count > 0);
                Count(stored.Bytes);
                return tensor.MoveToOuterDisposeScope();
            });
        }

        Tensor Edited(string name, Folding folding, Tensor wide)
        {
            Changed++;
            var own = folding.Unfold(wide.alias());
            long[] shape = own.shape;
            var changed = edit.Change(name, own);
            if (!changed.shape.AsSpan().SequenceEqual(shape)) throw new LowrankException($"the changed {name} has shape ({string.Join(", ", changed.shape)}), and it was ({string.Join(", ", shape)}).");
            if (!folding.IsThird()) return folding.Fold([changed]).reshape(wide.shape);
            // A joint tensor of three: its other rows stay.
            own.copy_(changed);
            return wide;
        }

        Tensor Narrowed(Tensor wide, TensorInfo info, bool check)
        {
            var narrow = scratch.Copy(wide, info.Dtype.ToScalarType());
            if (check && !info.Dtype.ToScalarType().Holds(wide))
                throw new LowrankException($"the new {info.Name} does not fit into {info.Dtype}: its largest value is {wide.abs().max().ToDouble():g4}. Lower the strength, or write bf16 or f32 (--dtype).");
            return narrow;
        }

        public void Dispose() => scratch.Dispose();
    }
}

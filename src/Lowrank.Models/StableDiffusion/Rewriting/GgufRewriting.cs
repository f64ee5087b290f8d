namespace Lowrank.Models;

/// <summary>Writes a GGUF file anew: every tensor in the type that it had, or all in floats; metadata and tokenizer as they are.</summary>
static class GgufRewriting
{
    const string FileType = "general.file_type";

    // Numbers of files of floats, as llama.cpp has them.
    static readonly Dictionary<TensorDtype, uint> fileTypes = new()
    {
        [TensorDtype.F32] = 0, [TensorDtype.F16] = 1, [TensorDtype.BF16] = 32,
    };

    /// <inheritdoc cref="ModelRewriting.Rewrite"/>
    public static RewriteReport Rewrite(
        LanguageOutline model, GgufWeights weights, string output, WeightEdit edit, RewriteOptions options, CancellationToken cancel)
    {
        if (options.Dtype is { } asked && !fileTypes.ContainsKey(asked))
            throw new LowrankException($"a GGUF file of floats is written in {string.Join(", ", fileTypes.Keys)}, not in {asked}.");
        OutputPlace.CheckFile(output, options.Overwrite, [model.Location, .. options.Inputs]);
        OutputPlace.CheckEnding(output, ".gguf");
        var part = model.WeightsOf(ModelDescription.Whole)!;
        var owners = part.Stored.ToLookup(pair => pair.Value, pair => $"{part.Component}.{pair.Key}");
        var infos = weights.File.Tensors;
        using var work = new RewritingWork(infos.Sum(tensor => tensor.Bytes), edit, options, cancel) { Norms = new() };
        bool isFloat = infos.All(tensor => tensor.Dtype == TensorDtype.F32);
        var sources = new List<TensorSource>();
        foreach (var stored in infos)
        {
            var info = stored with { Dtype = TypeOf(stored, options.Dtype, isFloat) };
            string? name = weights.NameOf(stored.Name);
            string[] touched = name is null ? [] : [.. owners[name].Where(edit.Touches)];
            sources.Add(Source(weights, stored, info, name, touched, edit, work));
        }
        long bytes = sources.Sum(source => source.Info.Bytes);
        OutputPlace.CheckSpace(output, bytes);
        Gguf.Save(output, Metadata(weights.File.Entries, options.Dtype), sources, options.Overwrite);
        string[] unheld = options.Replacing.Count == 0 ? [] :
            [$"Not taken over, as a GGUF file has its own: {string.Join(", ", options.Replacing.Select(Path.GetFileName))}."];
        return new(output, model.Family, work.Changed, sources.Count, bytes, [.. work.Notes(), .. unheld])
        {
            Norm = work.Norms.Change, Error = work.Norms.Error > 0 ? work.Norms.Error : null,
        };
    }

    // Vectors stay as they are, and what is whole beside rounded matrices.
    static TensorDtype TypeOf(TensorInfo stored, TensorDtype? asked, bool isFloat)
    {
        bool stays = asked is null || stored.Shape.Length < 2 || stored.Dtype == TensorDtype.F32 && !isFloat;
        return stays ? stored.Dtype : asked!;
    }

    static IEnumerable<GgufEntry> Metadata(GgufMetadata metadata, TensorDtype? asked) => metadata.Select(entry =>
        asked is not null && entry.Key == FileType ? entry with { Value = fileTypes[asked] } : entry);

    static TensorSource Source(GgufWeights weights, TensorInfo stored, TensorInfo info, string? name, string[] touched, WeightEdit edit,
        RewritingWork work)
    {
        var kept = weights.File.SourceOf(stored.Name);
        return kept with
        {
            Info = info,
            Read = () =>
            {
                using var scope = NewDisposeScope();
                using var grad = no_grad();
                var written = touched.Length > 0 ? Changed() : info.Dtype == stored.Dtype ? kept.Read() : weights.File.Read(stored.Name);
                work.Count(stored.Bytes);
                return scope.MoveToOuter(written);
            },
        };

        // All that is compared lies as the file has it.
        Tensor Changed()
        {
            var before = weights.File.Read(stored.Name).to(ScalarType.Float32);
            var wide = before.clone();
            foreach (string path in touched) wide = weights.ToStored(name!, edit.Change(path, weights.ToOwn(name!, wide).contiguous()));
            bool isBlock = info.Dtype.Decoder is not null;
            var written = isBlock ? RoundedBlocks.Encode(info, wide) : wide.to(info.Dtype.ToScalarType());
            var after = isBlock ? RoundedBlocks.Decode(info, written) : written;
            if (!ValueRange.AreFinite(after)) throw RewritingWork.Unheld(wide, info);
            foreach (string path in touched) work.Compare(path, before, wide, after);
            return written;
        }
    }
}

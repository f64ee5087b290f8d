using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>Writes the folder of a language model anew: its weights in one file, and what else lies in it as it is.</summary>
static class LanguageRewriting
{
    const string Weights = "model.safetensors", Setting = "quantization_config", Vocabulary = "vocab_size";

    // Both names of the field that tells in which dtype weights are stored.
    static readonly string[] dtypes = ["dtype", "torch_dtype"];

    /// <inheritdoc cref="ModelRewriting.Rewrite"/>
    public static RewriteReport Rewrite(
        LanguageOutline model, string output, WeightEdit edit, RewriteOptions options, CancellationToken cancel)
    {
        string source = ModelRewriting.CheckFolder(model, output, options);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(source, LanguageFolder.ConfigName)))!.AsObject();
        Change(config, model, options);
        var part = model.WeightsOf(ModelDescription.Whole)!;
        var replacing = options.Replacing.Select(Path.GetFileName).ToHashSet();
        var others = ModelFolderFiles.In(source).Where(file => file != LanguageFolder.ConfigName).ToList();
        var copied = others.Where(file => !ModelFolderFiles.IsWeights(file) && !replacing.Contains(file)).ToList();
        var pieced = new PiecedEdit(edit, part);
        long total = part.File.Tensors.Sum(tensor => tensor.Bytes);
        using var work = new RewritingWork(total, pieced.Whole, options, cancel) { Norms = new() };
        OutputPlace.CheckSpace(output, work.Total);

        return AtomicFolder.Write(output, aside =>
        {
            foreach (string file in copied) ModelFolderFiles.Copy(source, file, aside);
            foreach (string file in options.Replacing) File.Copy(file, Path.Combine(aside, Path.GetFileName(file)));
            var sources = Sources(part, pieced, work, keepsBits: options.Dtype is null);
            Safetensors.SaveLazily(Path.Combine(aside, Weights), sources, ModelRewriting.Metadata(part.File, new()));
            string text = config.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
            File.WriteAllText(Path.Combine(aside, LanguageFolder.ConfigName), text + "\n");
            long bytes = sources.Sum(tensor => tensor.Info.Bytes);
            string[] notes = [.. work.Notes(), .. ModelFolderFiles.Left(others, source, part.File)];
            return new RewriteReport(output, model.Family, work.Changed, sources.Count, bytes, notes)
            {
                Norm = work.Norms.Change, Error = work.Norms.Error > 0 ? work.Norms.Error : null,
            };
        });
    }

    static void Change(JsonObject config, LanguageOutline model, RewriteOptions options)
    {
        if (options.Dtype is { } dtype)
        {
            config.Remove(Setting);
            string name = dtype.ToScalarType().ToString().ToLowerInvariant();
            foreach (string field in dtypes.Where(config.ContainsKey)) config[field] = name;
        }
        bool isSame = config[Vocabulary] is not JsonValue told || told.TryGetValue<int>(out int tokens) && tokens == model.Tokens;
        if (!isSame) config[Vocabulary] = model.Tokens;
    }

    static List<TensorSource> Sources(PartWeights part, PiecedEdit pieced, RewritingWork work, bool keepsBits)
    {
        var names = pieced.Names;
        var sources = new List<TensorSource>();
        foreach (var tensor in part.File.Tensors)
        {
            List<(string, Folding)> owners = [.. names[tensor.Name].Select(name => (name, Folding.Same))];
            var packed = keepsBits ? part.File as IPackedFile : null;
            if (packed?.StoredOf(tensor.Name) is { Count: > 0 } stored) sources.AddRange(work.Rounded(tensor, packed, stored, owners));
            else sources.Add(work.Source(tensor, part.File, owners));
        }
        return sources;
    }
}

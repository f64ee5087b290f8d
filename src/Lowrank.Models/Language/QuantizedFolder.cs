using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>Writes language models' folders whose matrices are rounded as bitsandbytes keeps them.</summary>
public static class QuantizedFolder
{
    const string Weights = "model.safetensors", Setting = "quantization_config";

    /// <summary>Writes a folder anew, whole or not at all: linear layers but the head are rounded, all else stays, and what else lies
    /// in the folder is copied but other forms of the base's weights.</summary>
    /// <param name="folder">A model in floats.</param>
    /// <param name="output">The folder to be made.</param>
    /// <param name="parts">How matrices are kept.</param>
    /// <param name="cancel">Looked at before each tensor; then nothing is written.</param>
    /// <returns>How many matrices were rounded.</returns>
    /// <exception cref="LowrankException">What <see cref="LanguageModels.Load(string, Storage?, string?, int?)"/> refuses, a model that is
    /// rounded already, or a place that cannot be written to.</exception>
    public static int Write(string folder, string output, BitsAndBytesParts parts, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(parts);
        OutputPlace.CheckFolder(output, folder);
        if (!Directory.Exists(folder)) throw new LowrankException($"{folder} is no folder of a model. Give one that holds config.json.");
        using var opened = LanguageFolder.Open(folder);
        if (opened.Json.TryGetProperty(Setting, out var told) && told.ValueKind == JsonValueKind.Object)
            throw new LowrankException($"{folder} holds weights that are rounded already; rounding them again loses more than rounding " +
                "the model's own. Take the folder of floats.");
        var rounded = Rounded(opened);
        if (rounded.Count == 0)
            throw new LowrankException($"{folder} has no matrix that bitsandbytes rounds: its layers are no linear ones, as GPT-2's, " +
                "whose matrices stand transposed. Write a GGUF file of few bits.");
        return AtomicFolder.Write(output, aside =>
        {
            var sources = opened.File.Tensors.SelectMany(info => Sources(opened.File, info, rounded, parts, cancel));
            Safetensors.SaveLazily(Path.Combine(aside, Weights), sources, new Dictionary<string, string> { ["format"] = "pt" });
            File.WriteAllText(Path.Combine(aside, LanguageFolder.ConfigName), Config(opened, parts));
            foreach (string file in ModelFolderFiles.In(folder).Where(IsKept)) ModelFolderFiles.Copy(folder, file, aside);
            return rounded.Count;
        });
    }

    // Stored names of linear layers' matrices; transformers leaves the head as it is.
    static HashSet<string> Rounded(LanguageFolder folder)
    {
        var (model, plan) = folder.Build(ModelOutline.Nowhere);
        using (model)
        {
            var linear = model.named_modules().Where(place => place.module is Linear { Kind: LayerKind.Linear } && !IsOfHead(place.name));
            return [.. linear.Select(place => plan.Single.GetValueOrDefault($"{place.name}.weight")).OfType<string>()];

            // What writes the next token, or a head of several layers.
            bool IsOfHead(string path) => path is "lm_head" or "embed_out" || model.IsOfHead($"{ModelDescription.Whole}.{path}");
        }
    }

    static IEnumerable<TensorSource> Sources(
        ITensorFile file, TensorInfo info, HashSet<string> rounded, BitsAndBytesParts parts, CancellationToken cancel)
    {
        var read = new TensorSource(info, () => file.Read(info.Name)) { Expect = () => file.Expect(info.Name) };
        var kept = read.Until(cancel);
        return rounded.Contains(info.Name) ? parts.Of(kept) : [kept];
    }

    static string Config(LanguageFolder folder, BitsAndBytesParts parts)
    {
        var config = JsonNode.Parse(folder.Json.GetRawText())!.AsObject();
        string dtype = folder.StoredDtype().ToString().ToLowerInvariant();
        config[Setting] = JsonNode.Parse(PlainJson.Text(parts.Settings(dtype)));
        return config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    static bool IsKept(string file) => file != LanguageFolder.ConfigName && !ModelFolderFiles.IsWeights(file);
}

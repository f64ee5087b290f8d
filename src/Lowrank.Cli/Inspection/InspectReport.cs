using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Models;

namespace Lowrank.Cli;

/// <summary>What <c>lowrank inspect</c> found: one of the three, the file's facts beside an adapter's.</summary>
/// <param name="Kind">"adapter", "base model", "tensors" or, of several files, "error".</param>
/// <param name="Path">What was looked at.</param>
/// <param name="File">The file; null for a base model's folder.</param>
/// <param name="Adapter">What it holds as an adapter.</param>
/// <param name="Model">The base model.</param>
/// <param name="Error">Why it could not be read.</param>
sealed record InspectReport(string Kind, string Path, FileFacts? File, AdapterFacts? Adapter, BaseModelReport? Model, string? Error = null)
{
    /// <summary>Looks at a file or folder.</summary>
    /// <param name="path">An adapter (file or PEFT folder), a base model (folder or single file), or another file of tensors.</param>
    /// <param name="keys">Whether to list every tensor.</param>
    /// <param name="norms">Whether to measure each layer's change and look for values that are wrong, which reads the tensors.</param>
    /// <param name="hashes">Whether to hash the file, which reads it; null hashes adapters.</param>
    public static InspectReport Of(string path, bool keys, bool norms, bool? hashes)
    {
        if (Directory.Exists(path) && !PeftFolder.IsFolder(path)) return new("base model", path, null, null, BaseModelInspection.Inspect(path));
        using var file = AdapterFile.Open(path);
        if (BaseModelInspection.Recognizes(file)) return new("base model", path, FileFacts.Of(file, keys, hashes == true ? HashesOf(path, file) : null), null, BaseModelInspection.Inspect(file));
        var adapter = norms ? AdapterInspection.Measure(file) : AdapterInspection.Inspect(file);
        if (adapter.Modules.Count == 0 && adapter.Embeddings.Count == 0) return new("tensors", path, FileFacts.Of(file, keys, hashes == true ? HashesOf(path, file) : null), null, null);
        var health = norms ? AdapterHealth.Of(file, adapter) : AdapterHealth.OfHeader(adapter);
        return new("adapter", path, FileFacts.Of(file, keys, hashes != false ? HashesOf(path, file) : null), AdapterFacts.Of(adapter, health), null);
    }

    /// <summary>The same, where a file that cannot be read does not keep the others from being looked at.</summary>
    public static InspectReport OrError(string path, bool keys, bool norms, bool hashes)
    {
        try
        {
            return Of(path, keys, norms, hashes);
        }
        catch (LowrankException error)
        {
            return new("error", path, null, null, null, error.Message);
        }
    }

    static FileHashes HashesOf(string path, ITensorFile file) =>
        FileHashes.Of(Directory.Exists(path) ? new[] { PeftFolder.Weights, "adapter_model.bin" }.Select(name => System.IO.Path.Combine(path, name)).First(System.IO.File.Exists) : path, file);
}

/// <summary>What the header of a file of tensors tells.</summary>
/// <param name="Path">The file.</param>
/// <param name="Container">"safetensors", "torch zip", ...</param>
/// <param name="Bytes">Bytes of the tensors.</param>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="Parameters">Number of elements in them.</param>
/// <param name="Dtypes">Tensors by dtype, most first.</param>
/// <param name="Metadata">The container's metadata.</param>
/// <param name="Notes">What is odd about the container.</param>
/// <param name="Keys">Every tensor, where asked for.</param>
/// <param name="Hashes">The hashes by which programs know it, where taken.</param>
sealed record FileFacts(
    string Path,
    string Container,
    long Bytes,
    int Tensors,
    long Parameters,
    IReadOnlyDictionary<string, int> Dtypes,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<string> Notes,
    IReadOnlyList<KeyFacts>? Keys,
    FileHashes? Hashes)
{
    /// <summary>Reads an open file's header.</summary>
    public static FileFacts Of(ITensorFile file, bool keys, FileHashes? hashes) => new(
        file.Path,
        file.Container,
        file.Tensors.Sum(t => t.Bytes),
        file.Tensors.Count,
        file.Tensors.Sum(t => t.Count),
        file.Tensors.GroupBy(t => t.Dtype.ToString()).OrderByDescending(g => g.Count()).ToDictionary(g => g.Key, g => g.Count()),
        file.Metadata,
        file.Notes,
        keys ? [.. file.Tensors.Select(t => new KeyFacts(t.Name, t.Dtype.ToString(), t.Shape))] : null,
        hashes);
}

/// <summary>One tensor of a file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Dtype">Its element type, as in the safetensors header.</param>
/// <param name="Shape">Axis lengths.</param>
sealed record KeyFacts(string Name, string Dtype, long[] Shape);

/// <summary>What a file holds as an adapter.</summary>
/// <param name="Dialect">How its keys are spelled.</param>
/// <param name="MadeFor">Family of base models that its names and widths point to.</param>
/// <param name="Methods">Layers by method.</param>
/// <param name="Ranks">Layers by rank, most first.</param>
/// <param name="Alphas">Layers by alpha, most first; those without are counted under "none", which means alpha = rank.</param>
/// <param name="Parts">Layers by the part of the model that their names begin with.</param>
/// <param name="Layers">Every adapted layer.</param>
/// <param name="Unplaced">Keys that follow no pattern of the dialect.</param>
/// <param name="OtherMethods">Methods that those keys tell of.</param>
/// <param name="Words">Words that it brings, which prompts call by name.</param>
/// <param name="Training">What its metadata tell of its training.</param>
/// <param name="Health">What is wrong or odd, one sentence each.</param>
/// <param name="Norm">Frobenius norm of all measured changes together; null where none was measured.</param>
/// <param name="Blocks">Layers by block of the model, with the norm of their changes.</param>
sealed record AdapterFacts(
    string? Dialect,
    string? MadeFor,
    IReadOnlyDictionary<string, int> Methods,
    IReadOnlyDictionary<string, int> Ranks,
    IReadOnlyDictionary<string, int> Alphas,
    IReadOnlyDictionary<string, int> Parts,
    IReadOnlyList<AdapterModule> Layers,
    IReadOnlyList<string> Unplaced,
    IReadOnlyList<string> OtherMethods,
    IReadOnlyList<string> Words,
    TrainingFacts? Training,
    IReadOnlyList<string> Health,
    double? Norm,
    IReadOnlyList<BlockFacts> Blocks)
{
    /// <summary>The facts of a report.</summary>
    public static AdapterFacts Of(AdapterReport report, IReadOnlyList<string> health) => new(
        report.Dialect,
        report.Family,
        CountBy(report.Modules, m => m.Method),
        CountBy(report.Modules, m => Quantity.Number(m.Rank)),
        CountBy(report.Modules, m => m.Alpha is { } alpha ? Quantity.Number(alpha) : "none"),
        CountBy(report.Modules, m => PartOf(m.Name)),
        report.Modules,
        report.Unplaced,
        report.OtherMethods,
        report.Embeddings,
        TrainingFacts.Of(report.Metadata),
        health,
        BlockFacts.NormOf(report.Modules),
        BlockFacts.Of(report.Modules));

    static Dictionary<string, int> CountBy(IReadOnlyList<AdapterModule> modules, Func<AdapterModule, string> fact) =>
        modules.GroupBy(fact).OrderByDescending(g => g.Count()).ToDictionary(g => g.Key, g => g.Count());

    // "lora_unet_down_blocks_0..." and "unet.down_blocks.0..." both belong to the unet; PEFT's names have the component only where there are several.
    static string PartOf(string name)
    {
        const string Peft = "base_model.model.";
        if (name.StartsWith("lora_", StringComparison.Ordinal)) return name.Split('_', 3)[1];
        if (!name.StartsWith(Peft, StringComparison.Ordinal)) return name.Split('.', 2)[0];
        string first = name[Peft.Length..].Split('.', 2)[0];
        return first is "unet" or "text_encoder" or "text_encoder_2" ? first : "model";
    }
}

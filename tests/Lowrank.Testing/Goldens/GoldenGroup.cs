using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lowrank.Formats;

namespace Lowrank.Testing;

/// <summary>A folder of golden cases: its cases.json and the tensors beside it.</summary>
public sealed class GoldenGroup
{
    static readonly ConcurrentDictionary<string, GoldenGroup> opened = new();

    readonly Lazy<ITensorFile?> tensors;

    GoldenGroup(string name)
    {
        Name = name;
        Folder = Path.Combine(GoldenFolder.Root, name);
        Json = JsonDocument.Parse(Strict(File.ReadAllText(Path.Combine(Folder, "cases.json")))).RootElement;
        tensors = new(() => new[] { "tensors.safetensors", "data.safetensors" }.Select(f => Path.Combine(Folder, f)).Where(File.Exists).Select(Safetensors.Open).FirstOrDefault());
    }

    // Python writes infinities and NaN bare, which JSON does not know: they become strings.
    static string Strict(string json) => Regex.Replace(json, @"(?<=[\[:,]\s*)-?(Infinity|NaN)(?=\s*[,\]}])", "\"$0\"");

    /// <summary>Name, as in <c>diffusion/unet</c>.</summary>
    public string Name { get; }

    /// <summary>Absolute path.</summary>
    public string Folder { get; }

    /// <summary>The whole of cases.json.</summary>
    public JsonElement Json { get; }

    /// <summary>The tensors beside cases.json.</summary>
    public ITensorFile Tensors => tensors.Value ?? throw new FileNotFoundException($"no tensors beside {Folder}/cases.json");

    /// <summary>The group of that name in the golden folder.</summary>
    public static GoldenGroup Open(string name) => opened.GetOrAdd(name, n => new GoldenGroup(n));

    /// <summary>The group's cases.</summary>
    public IEnumerable<GoldenCase> Cases => (Json.ValueKind == JsonValueKind.Array ? Json : Json.GetProperty("cases")).EnumerateArray().Select(json => new GoldenCase(this, json));
}

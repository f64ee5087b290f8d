using System.Security.Cryptography;
using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>llama.cpp's adapters: read as llama.cpp reads them, written so that they mean what PEFT's folders mean.</summary>
public sealed class GgufLoraGoldens
{
    const string Group = GgufLoraCase.Group;

    // What no GGUF file holds, or none that llama.cpp heeds, with a word of the layer or part that is told.
    static readonly Dictionary<string, string> refused = new()
    {
        ["embedding-tied"] = "embed_tokens", ["head-tied"] = "lm_head", ["head-tied-gemma2"] = "lm_head", ["modules-to-save-head"] = "lm_head",
        ["modules-to-save-norms"] = "norm", ["norms-to-save-gemma2"] = "post_attention_layernorm", ["dora"] = "DoRA", ["bias-lora-only"] = "bias",
        ["lora-bias"] = "bias", ["trainable-tokens"] = "embed_tokens",
    };

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    public static IEnumerable<TheoryDataRow<int>> Together => Numbers("together");

    public static IEnumerable<TheoryDataRow<string>> Refusals => GoldenFolder.Groups.Contains(Group)
        ? List("refusals").Select(one => new TheoryDataRow<string>(one.GetProperty("file").GetString()!))
        : [];

    static IEnumerable<TheoryDataRow<int>> Numbers(string list) =>
        GoldenFolder.Groups.Contains(Group) ? List(list).Index().Select(one => new TheoryDataRow<int>(one.Index)) : [];

    static JsonElement.ArrayEnumerator List(string name) => GoldenGroup.Open(Group).Json.GetProperty(name).EnumerateArray();

    static GgufLoraCase Open(string name) => new(List("cases").First(one => one.GetProperty("name").GetString() == name));

    static string PathOf(string name) => Path.Combine(GgufLoraCase.FolderOfAll, name);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Read(string name) => Golden.Run($"{Group} read", name, () =>
    {
        using var c = Open(name);
        int read = 0;
        if (c.Faithful is { } faithful)
        {
            using var adapter = AdapterFile.Read(faithful, c.Description);
            c.AssertIsPeft(adapter);
            read++;
        }
        foreach (var file in c.Files)
            if (file.GetProperty("file").GetString() is { } stored)
            {
                CheckConverted(c, file, PathOf(stored));
                read++;
            }
        if (read == 0) Assert.True(c.Files.All(file => file.TryGetProperty("converter_error", out _)));
    });

    static void CheckConverted(GgufLoraCase c, JsonElement file, string path)
    {
        bool isRefused = file.TryGetProperty("llama_cpp_error", out var error) && error.GetString()!.Contains("incorrect shape", StringComparison.Ordinal);
        if (isRefused)
        {
            Assert.Contains("changed places", Assert.Throws<LowrankException>(() => AdapterFile.Read(path, c.Description)).Message);
            return;
        }
        using var adapter = AdapterFile.Read(path, c.Description);
        bool holdsNorms = adapter.Targets.Values.Any(made => made.Method.Name == "whole");
        bool isRounded = file.GetProperty("outtype").GetString() != "f32";
        // Norms are read as PEFT means them; llama.cpp passes over them, which reading says.
        if (holdsNorms) Assert.Contains(adapter.Notes, note => note.Contains("norms", StringComparison.Ordinal));
        if (file.TryGetProperty("llama_cpp", out var other) && !holdsNorms && !isRounded) c.AssertIsLlamaCpp(adapter, other.GetString()!);
        else c.AssertIsPeft(adapter, atOneAlone: holdsNorms, tolerance: isRounded ? file.GetProperty("llama_cpp_gap").GetProperty("1").GetDouble() : 1e-4);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Written(string name) => Golden.Run($"{Group} written", name, () =>
    {
        using var c = Open(name);
        using var folder = new TemporaryFolder();
        string path = folder["adapter.gguf"];
        using var adapter = AdapterFile.Read(c.Peft, c.Description);
        if (refused.TryGetValue(name, out string? told))
        {
            string message = Assert.Throws<LowrankException>(() => AdapterFile.Write(path, adapter, c.Description, "gguf")).Message;
            Assert.Contains(told, message);
            Assert.Contains("merge", message);
            Assert.False(File.Exists(path));
            return;
        }
        AdapterFile.Write(path, adapter, c.Description, "gguf");
        using var again = AdapterFile.Read(path, c.Description);
        c.AssertIsPeft(again);
        if (c.Faithful is null) foreach (var file in c.Files) CheckManifest(c, adapter, file, path);
    });

    // Where the converter is right, the same tensors and the same metadata, but for those of a model card that we are not given.
    static void CheckManifest(GgufLoraCase c, Adapter adapter, JsonElement manifest, string path)
    {
        ScalarType? dtype = manifest.GetProperty("outtype").GetString() switch
        {
            "f32" => ScalarType.Float32, "f16" => ScalarType.Float16, "bf16" => ScalarType.BFloat16, _ => null,
        };
        if (dtype is null) return;   // q8_0 is written of models alone
        AdapterFile.Write(path, adapter, c.Description, "gguf", dtype);
        using var file = Gguf.Open(path);
        var wanted = manifest.GetProperty("tensors").EnumerateArray().ToDictionary(tensor => tensor.GetProperty("name").GetString()!);
        Assert.Equal(wanted.Keys.Order(StringComparer.Ordinal), file.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        foreach (var tensor in file.Tensors)
        {
            var want = wanted[tensor.Name];
            Assert.Equal(want.GetProperty("type").GetString(), tensor.Dtype.Name);
            Assert.Equal(want.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()), tensor.Shape);
            Assert.Equal(want.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(file.ReadBlocks(tensor.Name).bytes)));
        }
        foreach (var entry in manifest.GetProperty("metadata").EnumerateArray())
        {
            string key = entry.GetProperty("key").GetString()!;
            if (key is "general.license" or "general.tags" or "general.finetune") continue;
            var own = file.Entries.Find(key);
            Assert.True(own is not null, $"{key} is missing");
            Assert.Equal(entry.GetProperty("type").GetString(), own.TypeWord);
            var value = entry.GetProperty("value");
            if (value.ValueKind == JsonValueKind.Number) Assert.Equal((float)value.GetDouble(), (float)file.Entries.Number(key)!.Value);
            else if (value.ValueKind == JsonValueKind.Array) Assert.Equal(value.EnumerateArray().Select(one => one.GetInt64()), file.Entries.Array(key)!.Integers());
            else Assert.Equal(value.GetString(), own.Value);
        }
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Together)), Trait("kind", "goldens")]
    public void SeveralAtOnce(int number) => Golden.Run($"{Group} together", $"{number}", () =>
    {
        var json = List("together").ElementAt(number);
        using var c = new GgufLoraCase(json);
        var adapters = new List<(Adapter, double)>();
        foreach (var one in json.GetProperty("adapters").EnumerateArray())
            adapters.Add((AdapterFile.Read(PathOf($"gguf/{one.GetProperty("name").GetString()}.gguf"), c.Description), one.GetProperty("strength").GetDouble()));
        c.AssertNear(c.Logits(adapters), c.ReadNamed("expected"), "together", 1e-4);
        adapters.ForEach(one => one.Item1.Dispose());
    });

    // Read though llama.cpp refuses them: what they mean is told by what they hold.
    static readonly string[] readAnyway =
        ["no-general-type", "alpha-f64", "alpha-u32", "rope_freqs", "alora-i32"];

    // Not read though llama.cpp takes them, and does nothing with them.
    static readonly string[] empty = ["no-tensors"];

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Refusals)), Trait("kind", "goldens")]
    public void Refusal(string path) => Golden.Run($"{Group} refusals", path, () =>
    {
        var json = List("refusals").First(one => one.GetProperty("file").GetString() == path);
        string name = Path.GetFileNameWithoutExtension(path);
        using var model = LanguageCaseFacts.Load<LanguageNetwork>(PathOf(json.GetProperty("base").GetString()!));
        bool isTaken = json.GetProperty("llama_cpp").GetString() == "loads" && !empty.Contains(name);
        if (isTaken || readAnyway.Contains(name))
        {
            using var adapter = AdapterFile.Read(PathOf(path), model.Describe());
            Assert.NotEmpty(adapter.Targets);
            if (!isTaken) Assert.True(adapter.Notes.Count + adapter.PassedOver.Count > 0, "what llama.cpp refuses is told");
            return;
        }
        Assert.Throws<LowrankException>(() => AdapterFile.Read(PathOf(path), model.Describe()));
    });
}

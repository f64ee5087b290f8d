using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>GGUF files as gguf-py and llama.cpp write them: what is read, and the same bytes written again.</summary>
public sealed class GgufGoldens
{
    static readonly GoldenList small = new("language/quant", "gguf_cases.json");

    public static IEnumerable<TheoryDataRow<string>> Small => small.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Small)), Trait("kind", "goldens")]
    public void SmallFile(string name) => small.Run(name, golden =>
    {
        using var file = Gguf.Open(Path.Combine(small.Folder, golden.GetProperty("file").GetString()!));
        AssertWrittenAgain(file);
        using var expected = small.Tensors("gguf.expected.safetensors");
        if (golden.TryGetProperty("kind", out _))
        {
            Assert.Equal(golden.GetProperty("alpha").GetDouble(), file.Entries.Number("adapter.lora.alpha"));
            return;
        }
        string architecture = golden.GetProperty("architecture").GetString()!;
        Assert.Equal(architecture, file.Entries.Text("general.architecture"));
        GoldenList.AssertSame(expected.Read(golden.GetProperty("probe").GetString()!), Probe(file, architecture), "probe");
    });

    // The first layer's keys as the model's own folder has them: of llama the rows of a head are turned, of gpt2 the fused weight lies (in, out).
    static Tensor Probe(GgufFile file, string architecture)
    {
        if (architecture == "gpt2") return file.Read("blk.0.attn_qkv.weight").t();
        var keys = file.Read("blk.0.attn_k.weight").to(ScalarType.Float32);
        if (architecture != "llama") return keys;
        long heads = file.Entries.Integer("llama.attention.head_count_kv")!.Value, width = keys.shape[1], half = keys.shape[0] / heads / 2;
        return keys.view(heads, half, 2, width).transpose(1, 2).reshape(keys.shape);
    }

    static IEnumerable<JsonProperty> Manifests =>
        File.Exists(Path.Combine(GoldenFolder.Root, "language/gguf2/manifests.json"))
            ? JsonDocument.Parse(File.ReadAllText(Path.Combine(GoldenFolder.Root, "language/gguf2/manifests.json"))).RootElement.EnumerateObject() : [];

    static string PathOf(string file) => Path.Combine(GoldenFolder.Root, "language/gguf2/gguf", $"{file}.gguf");

    public static IEnumerable<TheoryDataRow<string>> Stored => Manifests.Where(file => File.Exists(PathOf(file.Name))).Select(file => new TheoryDataRow<string>(file.Name));

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Stored)), Trait("kind", "goldens")]
    public void Manifest(string name) => Golden.Run("language/gguf2/manifests", name, () =>
    {
        var manifest = Manifests.First(file => file.Name == name).Value;
        using var file = Gguf.Open(PathOf(name));
        AssertIs(file, manifest);
        AssertWrittenAgain(file);
    });

    /// <summary>The manifest of a file: "llama-spm.f16".</summary>
    internal static JsonElement ManifestOf(string name) => Manifests.First(file => file.Name == name).Value;

    /// <summary>Asserts that a file holds what a manifest says, key by key and byte for byte.</summary>
    internal static void AssertIs(GgufFile file, JsonElement manifest)
    {
        Assert.Empty(file.Notes);
        var metadata = manifest.GetProperty("metadata").EnumerateArray().ToList();
        Assert.Equal(metadata.Select(entry => entry.GetProperty("key").GetString()), file.Entries.Select(entry => entry.Key));
        foreach (var (entry, want) in file.Entries.Zip(metadata))
        {
            Assert.Equal(want.GetProperty("type").GetString(), entry.TypeWord);
            AssertValue(want, entry);
        }
        var tensors = manifest.GetProperty("tensors").EnumerateArray().ToList();
        Assert.Equal(tensors.Select(tensor => tensor.GetProperty("name").GetString()), file.Tensors.Select(tensor => tensor.Name));
        foreach (var (info, want) in file.Tensors.Zip(tensors))
        {
            Assert.Equal(want.GetProperty("type").GetString(), info.Dtype.Name);
            Assert.Equal(want.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64()), info.Shape);
            Assert.Equal(want.GetProperty("bytes").GetInt64(), info.Bytes);
            Assert.True(want.GetProperty("sha256").GetString() == Convert.ToHexStringLower(SHA256.HashData(file.ReadBlocks(info.Name).bytes)), $"{info.Name} has other bytes");
        }
    }

    internal static void AssertValue(JsonElement want, GgufEntry entry)
    {
        if (!want.TryGetProperty("count", out var count))
        {
            Assert.Equal(want.GetProperty("value").ValueKind == JsonValueKind.String ? PythonText(entry.Value, quoted: false) : PythonText(entry.Value),
                want.GetProperty("value").ValueKind == JsonValueKind.String ? want.GetProperty("value").GetString() : want.GetProperty("value").GetRawText().Replace(" ", "", StringComparison.Ordinal));
            return;
        }
        var array = (GgufArray)entry.Value;
        Assert.Equal(count.GetInt32(), array.Count);
        Assert.Equal(want.GetProperty("sha256_of_json").GetString(), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PythonText(array)))));
    }

    // As Python's json.dumps writes it, without blanks.
    static string PythonText(object value, bool quoted = true) => value switch
    {
        string text => quoted ? Quote(text) : text,
        bool flag => flag ? "true" : "false",
        float number => PythonNumber(number),
        double number => PythonNumber(number),
        GgufArray { ElementType: GgufType.Text } array => $"[{string.Join(",", array.Texts().Select(Quote))}]",
        GgufArray { ElementType: GgufType.F32 or GgufType.F64 } array => $"[{string.Join(",", array.Floats().Select(PythonNumber))}]",
        GgufArray array => $"[{string.Join(",", array.Integers())}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            quoted.Append(c switch
            {
                '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '\b' => "\\b", '\f' => "\\f",
                < ' ' => $"\\u{(int)c:x4}",
                _ => $"{c}",
            });
        return quoted.Append('"').ToString();
    }

    static string PythonNumber(double number) => PythonJson.Write(number);

    internal static void AssertWrittenAgain(GgufFile file)
    {
        using var written = new MemoryStream();
        Gguf.Write(written, file.Entries, file.Tensors.Select(info => file.SourceOf(info.Name)));
        Assert.True(File.ReadAllBytes(file.Path).AsSpan().SequenceEqual(written.ToArray()), $"{file.Path} is not written as it was read");
    }
}

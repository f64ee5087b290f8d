using System.Security.Cryptography;
using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Testing;

namespace Goldens;

/// <summary>What llama.cpp's quantiser makes of models: which tensor gets which type, and the bytes.</summary>
public sealed class GgufQuantizationGoldens
{
    const string Group = "language/gguf2";

    static readonly GoldenList models = new(Group, "quantised.json", "models"), tables = new(Group, "quantised.json", "tables"),
        requantise = new(Group, "quantised.json", "requantise");

    public static IEnumerable<TheoryDataRow<string>> Models => models.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Models)), Trait("kind", "goldens")]
    public void Model(string fileType) => models.Run(fileType, golden =>
    {
        using var source = Gguf.Open(Path.Combine(models.Folder, golden.GetProperty("source").GetString()!));
        var type = QuantizedFileType.Named(fileType);
        Assert.Equal(golden.GetProperty("file_type").GetInt32(), type.Number);
        var infos = QuantizationPlan.Ordered(source.Tensors).ToList();
        var types = QuantizationPlan.Types(type, QuantizedModel.Of(source.Entries), infos);
        var tensors = golden.GetProperty("tensors").EnumerateArray().ToList();
        Assert.Equal(tensors.Select(tensor => tensor.GetProperty("name").GetString()), infos.Select(info => info.Name));
        foreach (var ((info, dtype), want) in infos.Zip(types).Zip(tensors))
        {
            Assert.Equal($"{info.Name} {want.GetProperty("type").GetString()}", $"{info.Name} {dtype}");
            using var bytes = new MemoryStream();
            Gguf.Write(bytes, [], [new(info with { Dtype = dtype }, () => source.Read(info.Name))]);
            var data = bytes.ToArray().AsSpan();
            int length = want.GetProperty("bytes").GetInt32(), padded = (length + 31) / 32 * 32;
            string hash = Convert.ToHexStringLower(SHA256.HashData(data.Slice(data.Length - padded, length)));
            Assert.Equal($"{info.Name} {want.GetProperty("sha256").GetString()}", $"{info.Name} {hash}");
        }
        AssertWholeFile(source, type, golden);
    });

    // The file that llama.cpp wrote, where it is stored, and else its last metadata.
    static void AssertWholeFile(GgufFile source, QuantizedFileType type, JsonElement golden)
    {
        string path = Path.Combine(Path.GetTempPath(), $"lowrank-{Guid.NewGuid():n}.gguf");
        try
        {
            var counts = GgufQuantizer.Quantize(source, path, type);
            Assert.Equal(source.Tensors.Count, counts.Values.Sum());
            using (var written = Gguf.Open(path))
                Assert.Equal(golden.GetProperty("metadata_added").EnumerateArray().Select(entry => $"{entry.GetProperty("key")} {entry.GetProperty("type")} {entry.GetProperty("value")}"),
                    written.Entries.TakeLast(2).Select(entry => $"{entry.Key} {entry.TypeWord} {entry.Shown}"));
            if (golden.GetProperty("file") is { ValueKind: JsonValueKind.String } stored)
                Assert.True(File.ReadAllBytes(Path.Combine(models.Folder, stored.GetString()!)).AsSpan().SequenceEqual(File.ReadAllBytes(path)), "the file differs");
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static IEnumerable<TheoryDataRow<string>> Tables => tables.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Tables)), Trait("kind", "goldens")]
    public void Table(string kind) => tables.Run(kind, golden =>
    {
        foreach (var wanted in golden.GetProperty("types").EnumerateObject())
            AssertTypes(golden, wanted.Name, TensorDtype.F32, wanted.Value, kind);
    });

    public static IEnumerable<TheoryDataRow<string>> Requantised => requantise.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Requantised)), Trait("kind", "goldens")]
    public void Requantise(string name) => requantise.Run(name, golden =>
    {
        // The tables' first model, quantised once.
        var table = tables.All[0];
        var (model, infos) = Describe(table, TensorDtype.F32);
        var once = QuantizationPlan.Types(QuantizedFileType.Named(golden.GetProperty("source").GetString()!), model, infos);
        infos = [.. infos.Zip(once, (info, dtype) => info with { Dtype = dtype })];
        var options = new QuantizationOptions { AllowsRequantizing = golden.GetProperty("allow_requantize").GetBoolean() };
        AssertTypes(golden.TryGetProperty("types", out var types) ? types : golden, golden.GetProperty("target").GetString()!, model, infos, options, name);
    });

    static void AssertTypes(JsonElement golden, string asked, TensorDtype source, JsonElement wanted, string what)
    {
        var (model, infos) = Describe(golden, source);
        string[] words = asked.Split('+');
        var options = new QuantizationOptions();
        foreach (string wish in words[1..])
            options = wish switch
            {
                "pure" => options with { Pure = true },
                "leave_output" => options with { LeavesOutput = true },
                _ when wish.StartsWith("output_", StringComparison.Ordinal) => options with { Output = BlockFormats.Named(wish[7..])!.Dtype },
                _ when wish.StartsWith("embedding_", StringComparison.Ordinal) => options with { Embedding = BlockFormats.Named(wish[10..])!.Dtype },
                _ => throw Golden.NotCovered($"a wish for {wish}"),
            };
        AssertTypes(wanted, words[0], model, infos, options, $"{what} {asked}");
    }

    static void AssertTypes(JsonElement wanted, string fileType, QuantizedModel model, List<TensorInfo> infos, QuantizationOptions options, string what)
    {
        var type = QuantizedFileType.Named(fileType);
        if (wanted.TryGetProperty("error", out _))
        {
            Assert.Throws<LowrankException>(() => QuantizationPlan.Types(type, model, infos, options));
            return;
        }
        var got = infos.Zip(QuantizationPlan.Types(type, model, infos, options)).Select(pair => $"{pair.First.Name} {pair.Second}");
        var want = wanted.EnumerateObject().SelectMany(byType => byType.Value.EnumerateObject().SelectMany(tensor => Names(tensor).Select(name => $"{name} {byType.Name}")));
        Assert.Equal($"{what}\n{string.Join('\n', want.Order(StringComparer.Ordinal))}", $"{what}\n{string.Join('\n', got.Order(StringComparer.Ordinal))}");
    }

    static IEnumerable<string> Names(JsonProperty tensor) =>
        tensor.Value.ValueKind == JsonValueKind.True ? [tensor.Name] : tensor.Value.EnumerateArray().Select(layer => $"blk.{layer.GetInt32()}.{tensor.Name}");

    static (QuantizedModel Model, List<TensorInfo> Infos) Describe(JsonElement table, TensorDtype source)
    {
        var shape = table.GetProperty("shape");
        int Count(string key) => shape.TryGetProperty(key, out var value) ? value.GetInt32() : 0;
        var model = new QuantizedModel(shape.GetProperty("arch").GetString()!, Count("layers"), Count("heads"), Count("kv"), Count("experts"));
        var infos = table.GetProperty("tensors").EnumerateObject().Select(tensor => new TensorInfo(tensor.Name, source, [.. tensor.Value.EnumerateArray().Select(axis => axis.GetInt64())]));
        return (model, [.. QuantizationPlan.Ordered(infos)]);
    }
}

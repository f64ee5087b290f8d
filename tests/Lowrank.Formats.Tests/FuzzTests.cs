using System.IO.Compression;
using System.Runtime.InteropServices;
using Lowrank.Testing.Fuzzing;

namespace Lowrank.Formats.Tests;

/// <summary>Files of every container, spoilt in ten thousand ways: they are read or refused, and nothing else happens.</summary>
/// <remarks>Other or more files: see <see cref="FuzzRun"/>.</remarks>
public sealed class FuzzTests
{
    const int LargestSeed = 40_000;

    static byte[] Floats => MemoryMarshal.AsBytes<float>(new float[] { 1, 2, 3, 4, 5, 6 }).ToArray();

    static byte[] Pickle => PickleWriter.Of(new Dictionary<string, object?>
    {
        ["state_dict"] = new Dictionary<string, object?>
        {
            ["a"] = new Stored("FloatStorage", "0", 6, 0, [2, 2], [1, 2]),
            ["b"] = new Stored("FloatStorage", "0", 6, 1, [2], [1]),
            ["c"] = new Stored("HalfStorage", "1", 12, 0, [3, 4], [4, 1]),
            ["d"] = new Stored("UntypedStorage", "2", 24, 0, [2, 3], [3, 1], "float8_e4m3fn"),
        },
        ["epoch"] = 3, ["loss"] = 0.5, ["names"] = new object?[] { "x", null, true },
    });

    static byte[] Tensors()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        Safetensors.Write(stream, [.. TensorDtypes.All.Select(dtype => KeyValuePair.Create($"{dtype}", Bits.Random(dtype, [2, 3]))), new("none", zeros(0, 4)), new("one", tensor(1f))],
            new Dictionary<string, string> { ["format"] = "pt", ["ss_tag_frequency"] = "{\"a\": {\"b\": 1}}" });
        return stream.ToArray();
    }

    static IEnumerable<FuzzSeed> Proper =>
    [
        FuzzSeed.Safetensors("safetensors of every dtype", Tensors()),
        FuzzSeed.TorchZip("a zip", PickleWriter.Zip(Pickle, [Floats, Floats, Floats])),
        FuzzSeed.TorchZip("a packed zip", PickleWriter.Zip(Pickle, [Floats, Floats, Floats], CompressionLevel.Optimal)),
        new("a GGUF file", "x.gguf", GgufTensors(), ByteMutations.All),
        FuzzSeed.Legacy("an old pickle", PickleWriter.Legacy(Pickle, (6, Floats), (12, Floats), (24, Floats))),
    ];

    static byte[] GgufTensors()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        GgufEntry[] metadata = [new("general.architecture", "llama"), new("general.alignment", 64u), new("tokens", new GgufArray(["a", "b", "ä"])), new("scores", GgufArray.Of<float>([1, 2, 3])), new("flag", true)];
        Gguf.Write(stream, metadata, [.. BlockFormats.All.Select(format => new TensorSource(new(format.Name, format.Dtype, [2, 256]), () => randn(2, 256))), new(new("plain", TensorDtype.F32, [3]), () => rand(3))]);
        return stream.ToArray();
    }

    // Many of the goldens' files are defect already.
    static IEnumerable<FuzzSeed> Goldens => new[] { "defects", "adapters" }.Select(folder => Path.Combine(GoldenFolder.Root, "files", folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder)).Where(file => new FileInfo(file).Length is > 0 and < LargestSeed).Order(StringComparer.Ordinal).Select(FuzzSeed.File);

    [Fact]
    public void TenThousandSpoiltFilesAreReadOrRefused()
    {
        var run = new FuzzRun([.. Enumerable.Repeat(Proper, 20).SelectMany(seeds => seeds), .. Goldens], ReadAll(Containers.Open));
        run.Run(10_000);
        TestContext.Current.TestOutputHelper!.WriteLine($"{run.Opened} read, {run.Refused} refused");
    }

    [Fact]
    public void ASpoiltIndexOfShardsIsReadOrRefused()
    {
        using var scope = NewDisposeScope();
        using MemoryStream first = new(), second = new();
        Safetensors.Write(first, [new("a.b", rand(2, 3)), new("a.c", rand(2))]);
        Safetensors.Write(second, [new("d", rand(4))]);
        const string one = "model-00001-of-00002.safetensors", two = "model-00002-of-00002.safetensors";
        var index = System.Text.Encoding.UTF8.GetBytes($$$"""{"metadata":{"total_size":48},"weight_map":{"a.b":"{{{one}}}","a.c":"{{{one}}}","d":"{{{two}}}"}}""");
        (string, byte[])[] shards = [(one, first.ToArray()), (two, second.ToArray())];
        new FuzzRun([FuzzSeed.Json("an index", index, "model.safetensors.index.json") with { Beside = shards }], ReadAll(path => WeightFiles.Open(Path.GetDirectoryName(path)!, "model"))).Run(1000);
    }

    static Func<string, long> ReadAll(Func<string, ITensorFile> open) => path =>
    {
        using var file = open(path);
        long largest = 0;
        foreach (var info in file.Tensors)
        {
            using var scope = NewDisposeScope();
            var tensor = file.Read(info.Name);
            Assert.Equal(info.Shape, tensor.shape);
            largest = Math.Max(largest, tensor.numel() * tensor.element_size());
            if (info.Count == 1) file.ReadScalar(info.Name);
        }
        return largest;
    };
}

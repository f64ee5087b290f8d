using System.Text;

namespace Lowrank.Formats.Tests;

public sealed class WeightFilesTests : IDisposable
{
    const string Stem = "diffusion_pytorch_model";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Every file holds one tensor with the name of the file.
    void Add(string name)
    {
        using var scope = NewDisposeScope();
        if (name.EndsWith(".bin", StringComparison.Ordinal))
            folder.File(name, PickleWriter.Zip(PickleWriter.Of(new Dictionary<string, object?> { [name] = new Stored("ByteStorage", "0", 1, 0, [1], [1]) }), [[7]]));
        else Safetensors.Save(folder.File(name), [new(name, full([1], 7, ScalarType.Byte))]);
    }

    void AddIndex(string name, params (string Tensor, string File)[] map) =>
        folder.File(name, Encoding.UTF8.GetBytes($$$"""{"metadata":{"total_size":2},"weight_map":{ {{{string.Join(",", map.Select(pair => $"\"{pair.Tensor}\":\"{pair.File}\""))}}} } }"""));

    string[] Names(string stem)
    {
        using var scope = NewDisposeScope();
        using var file = WeightFiles.Open(folder.Path, stem);
        foreach (var tensor in file.Tensors) Assert.Equal(7, file.Read(tensor.Name).ToInt32());
        return [.. file.Tensors.Select(tensor => tensor.Name)];
    }

    [Fact]
    public void SafetensorsGoBeforePicklesAndFullPrecisionBeforeHalf()
    {
        foreach (string name in new[] { $"{Stem}.fp16.bin", $"{Stem}.bin", $"{Stem}.fp16.safetensors", $"{Stem}.safetensors" })
        {
            Add(name);
            Assert.Equal([name], Names(Stem));
        }
    }

    [Fact]
    public void ThePickleOfATextEncoderHasItsOwnName()
    {
        Add("pytorch_model.bin");
        Assert.Equal(["pytorch_model.bin"], Names("model"));
    }

    [Theory]
    [InlineData($"{Stem}.safetensors.index.json")]
    [InlineData($"{Stem}.safetensors.index.fp16.json")]
    [InlineData($"{Stem}.bin.index.json")]
    public void ShardsAreJoinedByTheirIndex(string index)
    {
        string extension = index.Contains(".bin", StringComparison.Ordinal) ? "bin" : "safetensors";
        string one = $"{Stem}-00001-of-00002.{extension}", two = $"{Stem}-00002-of-00002.{extension}";
        Add(one);
        Add(two);
        AddIndex(index, (one, one), (two, two));
        Assert.Equal([one, two], Names(Stem));
        using var file = WeightFiles.Open(folder.Path, Stem);
        Assert.Equal("2", file.Metadata["total_size"]);
        Assert.Equal(folder.File(index), file.Path);
        Assert.Contains("nearest", Assert.Throws<LowrankException>(() => file.Read("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnIndexThatLiesIsRefusedWithItsCause()
    {
        Add("a");
        Add("b");
        foreach (var (map, cause) in new ((string, string)[], string)[]
        {
            ([("a", "a"), ("b", "c")], "c does not exist"),
            ([("a", "a"), ("x", "b")], "b lacks x; b holds b"),
            ([("a", "a"), ("b", "a")], "a lacks b"),
            ([("a", "a"), ("a", "a")], "cannot be read as JSON"),
            ([("a", "../a")], "no name of a file beside it"),
            ([("a", "")], "no name of a file beside it"),
            ([], "names no shard"),
        })
        {
            AddIndex($"{Stem}.safetensors.index.json", map);
            Assert.Contains(cause, Assert.Throws<LowrankException>(() => WeightFiles.Open(folder.Path, Stem)).Message, StringComparison.Ordinal);
        }
        foreach (string text in new[] { "", "[]", "{}", "{\"weight_map\":3}", "{\"weight_map\":{\"a\":3}}" })
        {
            folder.File($"{Stem}.safetensors.index.json", Encoding.UTF8.GetBytes(text));
            Assert.Contains("index.json",
                Assert.Throws<LowrankException>(() => WeightFiles.Open(folder.Path, Stem)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AFolderWithoutWeightsIsToldWithWhatItHolds()
    {
        folder.File("config.json", []);
        string message = Assert.Throws<LowrankException>(() => WeightFiles.Open(folder.Path, "model")).Message;
        Assert.Contains("pytorch_model.bin", message, StringComparison.Ordinal);
        Assert.Contains("there are config.json", message, StringComparison.Ordinal);
        Assert.Contains("does not exist",
            Assert.Throws<LowrankException>(() => WeightFiles.Open(folder.File("nowhere"), "model")).Message, StringComparison.Ordinal);
    }
}

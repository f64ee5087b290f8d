using System.Text.Json;

namespace Lowrank.Formats.Tests;

/// <summary>Folders of few bits whose parts or settings do not go together.</summary>
public sealed class QuantizedFaultsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static QuantizedScheme Scheme(string settings)
    {
        using var json = JsonDocument.Parse(settings);
        return QuantizedScheme.OfSettings(json.RootElement);
    }

    IPackedFile Open(string settings, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        Safetensors.Save(folder.File("m.safetensors"), tensors);
        return Scheme(settings).Open(Safetensors.Open(folder.File("m.safetensors")));
    }

    static Dictionary<string, Tensor> Parts(BitsAndBytesParts parts, Tensor values) =>
        parts.Of(new(new("a.weight", TensorDtype.F32, values.shape), values.clone)).ToDictionary(part => part.Info.Name, part => part.Read());

    const string OfBitsAndBytes = """{"quant_method": "bitsandbytes"}""";

    void RefusedBothWays(Dictionary<string, Tensor> parts, string said)
    {
        using var file = Open(OfBitsAndBytes, parts);
        Assert.Contains(said, Assert.Throws<LowrankException>(() => file.Read("a.weight")).Message, StringComparison.Ordinal);
        long before = Tensor.TotalCount;
        Assert.Contains(said, Assert.Throws<LowrankException>(() => file.ReadPacked("a.weight")).Message, StringComparison.Ordinal);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void EightBitsOfAnotherOrderAreRefusedHoweverTheyAreRead()
    {
        using var scope = NewDisposeScope();
        var parts = Parts(new("int8"), randn(4, 8));
        parts["a.weight_format"] = tensor((byte)1, ScalarType.Byte);
        RefusedBothWays(parts, "weight_format is 1");
    }

    [Theory, InlineData("nf4"), InlineData("fp4")]
    public void AMapThatIsNotTheCodesIsRefused(string format)
    {
        using var scope = NewDisposeScope();
        var parts = Parts(new(format), randn(4, 64));
        using (var file = Open(OfBitsAndBytes, parts)) file.ReadPacked("a.weight")!.Dispose();
        parts["a.weight.quant_map"] = parts["a.weight.quant_map"] * 0.5;
        RefusedBothWays(parts, "quant_map");
    }

    [Fact]
    public void MagnitudesByAMapOfTheirOwnAreReadByItBothWays()
    {
        using var scope = NewDisposeScope();
        var parts = Parts(new("nf4", IsNested: true), randn(8, 64));
        Tensor usual, own;
        using (var file = Open(OfBitsAndBytes, parts)) usual = file.Read("a.weight");
        parts["a.weight.nested_quant_map"] = parts["a.weight.nested_quant_map"] * 0.5;
        using (var file = Open(OfBitsAndBytes, parts))
        {
            own = file.Read("a.weight");
            using var packed = file.ReadPacked("a.weight")!;
            var values = empty(packed.Shape, ScalarType.Float32, CPU);
            packed.DecodeTo(values);
            Assert.True(values.allclose(own));
        }
        Assert.False(own.allclose(usual));
    }

    [Theory]
    [InlineData("""{"quant_method": "fp8", "weight_block_size": [128]}""", "weight_block_size is [128]")]
    [InlineData("""{"quant_method": "fp8", "weight_block_size": [128, 0]}""", "weight_block_size is [128, 0]")]
    [InlineData("""{"bits": 0, "group_size": 128}""", "not 0")]
    [InlineData("""{"bits": 4.5, "group_size": 128}""", "it is 4.5")]
    [InlineData("""{"bits": 4}""", "group_size")]
    public void SettingsThatCannotBeAreTold(string settings, string said) =>
        Assert.Contains(said, Assert.Throws<LowrankException>(() => Scheme(settings)).Message, StringComparison.Ordinal);

    [Fact]
    public void ZerosThatFillNoWholeWordsAreNotReadBeyondTheirEnd()
    {
        using var scope = NewDisposeScope();
        var (words, zero, scale) = (zeros([4, 9], ScalarType.Int32), zeros([1, 1], ScalarType.Int32), ones(1, 9));
        Assert.Contains("9 outputs", Assert.Throws<LowrankException>(() => new Gptq(4, -1).Decode(words, zero, scale, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AScaleOfOneAxisIsOneForEachOutput()
    {
        using var scope = NewDisposeScope();
        var (numbers, scale) = (randint(-8, 8, [4, 4]).to(ScalarType.Int8), tensor(new float[] { 1, 2, 3, 4 }));
        Assert.True(PackedRows.Scaled(numbers, scale, null).equal(numbers.to(ScalarType.Float32) * scale.unsqueeze(1)).all().ToBoolean());
        string said = Assert.Throws<LowrankException>(() => PackedRows.Scaled(numbers, ones(2, 2), null)).Message;
        Assert.Contains("blocks of rows", said, StringComparison.Ordinal);
    }

    // Eight inputs fill one word of 32 bits with 1, 2 or 4 bits each.
    [Fact]
    public void BitsOfANarrowWeightAreThoseOfTheConfig()
    {
        using var scope = NewDisposeScope();
        var parts = new Dictionary<string, Tensor>
        {
            ["a.weight_packed"] = tensor(new int[] { 0x76543210, unchecked((int)0xfedcba98) }).reshape(2, 1), ["a.weight_scale"] = ones(2, 1),
            ["a.weight_shape"] = tensor(new long[] { 2, 8 }),
        };
        const string Told = """{"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights": {"num_bits": 4}}}}""";
        using (var file = Open(Told, parts))
            Assert.Equal(Enumerable.Range(-8, 16).Select(value => (float)value), file.Read("a.weight").data<float>().ToArray());
        using var untold = Open("""{"quant_method": "compressed-tensors"}""", parts);
        Assert.Contains("num_bits", Assert.Throws<LowrankException>(() => untold.Read("a.weight")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BlocksOfNothingAreRefused()
    {
        using var scope = NewDisposeScope();
        var state = tensor("""{"quant_type": "nf4", "blocksize": 0, "dtype": "float32", "shape": [2, 2]}"""u8.ToArray(), ScalarType.Byte);
        Assert.Contains("blocks of 0", Assert.Throws<LowrankException>(() => FourBitState.Read(state)).Message, StringComparison.Ordinal);
        foreach (var (packed, group) in new[] { (zeros([8], ScalarType.Byte), 2L), (zeros([4, 2], ScalarType.Byte), 0L) })
            Assert.Throws<LowrankException>(() => new Hqq(8, group, 1).Decode(packed, ones(4, 1), zeros(4, 1), [2, 4]));
    }
}

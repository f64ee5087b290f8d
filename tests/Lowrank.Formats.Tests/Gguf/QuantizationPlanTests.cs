namespace Lowrank.Formats.Tests;

public sealed class QuantizationPlanTests
{
    static readonly QuantizedModel model = new("llama", 8, 8, 2);

    static TensorInfo Of(string name, params long[] shape) => new(name, TensorDtype.F16, shape);

    static string Type(string kind, TensorInfo info, QuantizationOptions? options = null) =>
        QuantizationPlan.Types(QuantizedFileType.Named(kind), model, [Of("output.weight", 64, 256), info], options)[1].Name;

    [Theory]
    [InlineData("blk.0.attn_q.weight", "Q4_K")]
    [InlineData("blk.0.attn_v.weight", "Q6_K")]
    [InlineData("blk.0.attn_norm.weight", "F16")]
    [InlineData("blk.0.attn_q.bias", "F16")]
    [InlineData("token_embd.weight", "Q4_K")]
    [InlineData("position_embd.weight", "F16")]
    [InlineData("blk.0.ffn_gate_inp.weight", "F16")]
    public void ATensorGetsWhatItsRoleAsksFor(string name, string type) => Assert.Equal(type, Type("Q4_K_M", Of(name, 64, 256)));

    [Fact]
    public void VectorsStayAsTheyAre() => Assert.Equal("F16", Type("Q8_0", Of("blk.0.attn_q.weight", 256)));

    [Theory]
    [InlineData("Q4_K_M", 96, "Q5_0"), InlineData("Q3_K_S", 96, "Q4_0"), InlineData("Q5_K_S", 96, "Q5_1"), InlineData("Q6_K", 96, "Q8_0")]
    [InlineData("IQ4_XS", 96, "IQ4_NL"), InlineData("Q4_K_M", 100, "F16"), InlineData("Q8_0", 100, "F16")]
    public void RowsThatDoNotFitGetAnotherType(string kind, long columns, string type) =>
        Assert.Equal(type, Type(kind, Of("blk.1.ffn_up.weight", 64, columns)));

    [Fact]
    public void QuantisingAgainIsRefusedUnlessAllowed()
    {
        var once = new TensorInfo("blk.0.attn_q.weight", BlockFormats.Q8_0.Dtype, [64, 256]);
        Assert.Contains("loses more", Assert.Throws<LowrankException>(() => Type("Q4_K_M", once)).Message, StringComparison.Ordinal);
        Assert.Equal("Q4_K", Type("Q4_K_M", once, new() { AllowsRequantizing = true }));
        Assert.Equal("Q8_0", Type("Q8_0", once));
        foreach (string wider in new[] { "F16", "BF16", "F32" }) Assert.Equal(wider, Type(wider, once));
    }

    [Fact]
    public void WishesGoFirst()
    {
        var head = Of("output.weight", 64, 256);
        var types = QuantizationPlan.Types(QuantizedFileType.Named("Q4_K_M"), model, [head], new() { Output = TensorDtype.F16 });
        Assert.Equal(TensorDtype.F16, types[0]);
        Assert.Equal("Q8_0", Type("Q4_K_M", Of("token_embd.weight", 64, 256), new() { Embedding = BlockFormats.Q8_0.Dtype }));
        Assert.Contains("Leave the wish out", Assert.Throws<LowrankException>(
            () => Type("Q4_K_M", Of("token_embd.weight", 64, 48), new() { Embedding = BlockFormats.Q8_0.Dtype })).Message, StringComparison.Ordinal);
        Assert.Throws<LowrankException>(() => QuantizedFileType.Named("Q9"));
    }

    [Fact]
    public void TensorsAreOrderedByLayersAndNames() => Assert.Equal(["output.weight", "blk.2.a", "blk.10.a", "blk.10.b"],
        QuantizationPlan.Ordered([Of("blk.10.b"), Of("blk.2.a"), Of("output.weight"), Of("blk.10.a")]).Select(info => info.Name));

    [Fact]
    public void ALayerCountMayBeToldForEachLayer()
    {
        var metadata = new GgufMetadata(
        [
            new("general.architecture", "x"), new("x.block_count", 3u), new("x.attention.head_count", GgufArray.Of<uint>([8, 8, 4])),
            new("x.attention.head_count_kv", 2u),
        ]);
        Assert.Equal(new QuantizedModel("x", 3, 8, 2), QuantizedModel.Of(metadata));
        Assert.Throws<LowrankException>(() => QuantizedModel.Of(new([new("general.architecture", "x")])));
    }
}

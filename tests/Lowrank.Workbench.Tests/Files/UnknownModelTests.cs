namespace Lowrank.Workbench.Tests;

/// <summary>What needs no base model works without one, in a file's own names.</summary>
public sealed class UnknownModelTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Files => [.. CaseFiles.Unknown];

    static string Second(string name) => name.Replace(".a.", ".b.", StringComparison.Ordinal);

    static string[] KeysOf(string path)
    {
        using var file = AdapterFile.Open(path);
        return [.. file.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal)];
    }

    [Theory, MemberData(nameof(Files))]
    public void AnotherDtypeKeepsKeysAndChange(string name)
    {
        string input = CaseFiles.Of(name), output = folder["half.safetensors"];
        var report = RunJobs.Convert(new(input, output) { Dtype = ScalarType.Float16 });
        Assert.Equal(report.From, report.To);
        Assert.Equal(KeysOf(input), KeysOf(output));
        CaseFiles.AssertClose(CaseFiles.Norms(CaseFiles.Expected(name).GetProperty("layers")), CaseFiles.Measured(output), 1e-3);
        using var written = AdapterFile.Open(output);
        Assert.Contains(written.Tensors, t => t.Dtype == TensorDtype.F16);
        Assert.True(RunJobs.Verify(new(input, output) { Tolerance = 0.01 }).Equal);
    }

    [Theory, MemberData(nameof(Files))]
    public void AnotherRankHasTheNormsOfTheBestApproximation(string name)
    {
        var expected = CaseFiles.Expected(name);
        string output = folder["resized.safetensors"];
        RunJobs.Resize(new(CaseFiles.Of(name), new(output, null), new() { Rank = expected.GetProperty("rank").GetInt32() }));
        CaseFiles.AssertClose(CaseFiles.Norms(expected.GetProperty("resized")), CaseFiles.Measured(output), 1e-5);
    }

    [Theory, MemberData(nameof(Files))]
    public void TwoOfOneSpellingBecomeOne(string name)
    {
        var expected = CaseFiles.Expected(name);
        string output = folder["merged.safetensors"], method = expected.GetProperty("method").GetString()!;
        RunJobs.Merge(new(output)
        {
            Adapters = [new(CaseFiles.Of(name), 0.5), new(CaseFiles.Of(Second(name)), -0.5)],
            Method = method,
            Rank = method == "svd" ? 48 : null,
        });
        CaseFiles.AssertClose(CaseFiles.Norms(expected.GetProperty("merged")), CaseFiles.Measured(output), 1e-5);
        if (method == "cat") Assert.Equal(KeysOf(CaseFiles.Of(name)), KeysOf(output));
    }

    [Theory, MemberData(nameof(Files))]
    public void AFileEqualsItselfAndNotTheOther(string name)
    {
        string one = CaseFiles.Of(name), other = CaseFiles.Of(Second(name));
        Assert.True(RunJobs.Verify(new(one, one)).Equal);
        Assert.False(RunJobs.Verify(new(one, other)).Equal);
    }

    [Fact]
    public void OneSpellingIsNotTurnedIntoAnotherWithoutTheModel()
    {
        string name = CaseFiles.Of("flux_kohya.a.safetensors");
        var error = Assert.Throws<LowrankException>(() => RunJobs.Convert(new(name, folder["other.safetensors"]) { Dialect = "diffusers" }));
        Assert.Contains("not known here", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["other.safetensors"]));
    }

    [Theory]
    [InlineData("flux_kohya.a.safetensors", "flux")]
    [InlineData("flux_aitoolkit_diffusers.a.safetensors", "flux")]
    [InlineData("qwen_musubi.a.safetensors", "qwen-image")]
    [InlineData("wan_comfy.a.safetensors", "wan")]
    [InlineData("ltx_diffusers_2048.a.safetensors", "ltx")]
    [InlineData("zimage_comfy.a.safetensors", null)]
    public void AFamilyIsToldByNamesAndWidthsOrNotAtAll(string name, string? family)
    {
        using var file = AdapterFile.Open(CaseFiles.Of(name));
        Assert.Equal(family, FamilyGuess.Of(file, ModelKinds.Families)?.Name);
    }

    [Theory]
    [InlineData("transformer.blocks.0.attn2.to_k.lora_A.weight", 1024)]
    [InlineData("transformer.transformer_blocks.0.attn2.to_k.lora_A.weight", 2048)]
    [InlineData("transformer.transformer_blocks.0.attn2.to_k.lora_A.weight", 768)]
    public void AWidthAloneIsNoFamilyOfStableDiffusion(string key, long width)
    {
        string path = folder["made.safetensors"];
        using (var scope = NewDisposeScope())
            Safetensors.Save(path, [KeyValuePair.Create(key, zeros(4, width))], null);
        using var file = AdapterFile.Open(path);
        Assert.DoesNotContain(FamilyGuess.Of(file, ModelKinds.Families)?.Name, ModelKinds.All.Select(kind => kind.Family.Name));
    }

    [Fact]
    public void ASecondTextEncoderBesideAnotherDenoiserIsNotSdxl()
    {
        string path = folder["sd35.safetensors"];
        using (var scope = NewDisposeScope())
            Safetensors.Save(path,
            [
                KeyValuePair.Create("lora_te2_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight", zeros(4, 1280)),
                KeyValuePair.Create("lora_unet_joint_blocks_0_x_block_attn_qkv.lora_down.weight", zeros(4, 1536)),
            ], null);
        using var file = AdapterFile.Open(path);
        Assert.Equal("SD 3.x", FamilyGuess.Of(file, ModelKinds.Families)?.Title);
    }
}

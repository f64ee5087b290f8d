namespace Lowrank.Adapters.Tests;

/// <summary>What is said about files that do not fit, and what is let pass.</summary>
public sealed class ReadTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly SequenceModel network = new(new Linear(7, 5), new Conv2d(4, 6, 3));
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        network.Dispose();
        folder.Dispose();
    }

    ModelDescription Model(string family = "sd1") =>
        new(StableDiffusionFamilies.Of(family), [StableDiffusionComponents.Of(family, "unet", network, new KeyMap(("{}", "blocks.{}.op")))])
        {
            Families = StableDiffusionFamilies.All,
        };

    static Dictionary<string, Tensor> Linear(string name = "lora_unet_0", long width = 7) => new()
    {
        [name + ".lora_down.weight"] = ones(2, width),
        [name + ".lora_up.weight"] = ones(5, 2),
        [name + ".alpha"] = tensor(1.0f),
    };

    string Saved(Dictionary<string, Tensor> tensors)
    {
        string path = folder.File("ink.safetensors");
        Safetensors.Save(path, tensors, null);
        return path;
    }

    LowrankException Refused(Dictionary<string, Tensor> tensors, ModelDescription? model = null) =>
        Assert.Throws<LowrankException>(() => AdapterFile.Read(Saved(tensors), model ?? Model()));

    [Fact]
    public void KohyasNamesWithPeftsFactorsAreReadAndThatIsTold()
    {
        var tensors = Linear();
        foreach (var (peft, kohya) in new[] { ("lora_A.default", "lora_down"), ("lora_B.default", "lora_up") })
        {
            tensors.Remove($"lora_unet_0.{kohya}.weight", out var value);
            tensors[$"lora_unet_0.{peft}.weight"] = value!;
        }
        using var read = AdapterFile.Read(Saved(tensors), Model());
        Assert.Contains("2 keys are misspelt and were read as what they mean, such as lora_unet_0.lora_", Assert.Single(read.Notes));
        // Two ranks of ones, at alpha 1 of rank 2.
        Assert.Equal(1, read.Targets.Values.Single().Apply(zeros(5, 7), 1).max().ToSingle());
    }

    [Fact]
    public void AnAlphaOfZeroIsNotedWhereItSwitchesALayerOffAndWhereItDoesNot()
    {
        var tensors = Linear();
        tensors["lora_unet_0.alpha"] = tensor(0f);
        using (var read = AdapterFile.Read(Saved(tensors), Model())) Assert.Contains("lora_unet_0 has alpha 0: it is switched off", Assert.Single(read.Notes));
        using var whole = AdapterFile.Read(Saved(new() { ["lora_unet_0.lokr_w1"] = ones(5, 7), ["lora_unet_0.lokr_w2"] = full(1, 1, 3f), ["lora_unet_0.alpha"] = tensor(0f) }), Model());
        Assert.Equal("an alpha of 0 does not count beside whole factors, which have no scale: lora_unet_0 is not switched off", Assert.Single(whole.Notes));
        Assert.Equal(3, whole.Targets.Values.Single().Apply(zeros(5, 7), 1).max().ToSingle());
    }

    [Theory, InlineData("lora_unet_0"), InlineData("lora_unet_blocks_0_op")]
    public void BothSpellingsOfALayerAreRead(string name)
    {
        using var adapter = AdapterFile.Read(Saved(Linear(name)), Model());
        Assert.Equal("unet.0", adapter.Targets.Keys.Single());
        Assert.Equal("ink", adapter.Name);
        Assert.Empty(adapter.Notes);
    }

    [Fact]
    public void ALayerUnderBothSpellingsIsRefusedWithBothNames()
    {
        var error = Refused(Linear().Concat(Linear("lora_unet_blocks_0_op")).ToDictionary());
        Assert.Contains("lora_unet_0", error.Message, StringComparison.Ordinal);
        Assert.Contains("lora_unet_blocks_0_op", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APartThatIsMisspeltBesideTheRightOneIsRefused()
    {
        var tensors = Linear();
        tensors["lora_unet_unet_0.lora_up.weight"] = ones(5, 2);
        Assert.Contains("twice", Refused(tensors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyOfNoLayerIsRefusedWithTheNearestNameOrPassedOverAndTold()
    {
        var tensors = Linear().Concat(Linear("lora_unet_9")).ToDictionary();
        var error = Refused(tensors);
        Assert.Contains("lora_unet_9", error.Message, StringComparison.Ordinal);
        Assert.Contains("nearest", error.Message, StringComparison.Ordinal);
        using var adapter = AdapterFile.Read(Saved(tensors), Model(), allowUnmatched: true);
        Assert.Equal(tensors.Keys.Where(key => key.StartsWith("lora_unet_9", StringComparison.Ordinal)).Order(), adapter.PassedOver.Select(one => one.Name).Order());
        Assert.Contains("3 tensors (lora_unet_9", Assert.Single(PassedOver.Sentences(adapter.PassedOver)), StringComparison.Ordinal);
    }

    [Fact]
    public void AnAdapterOfAnotherFamilyIsToldByItsLook()
    {
        var error = Refused(new()
        {
            ["lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight"] = ones(4, 2048),
            ["lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_up.weight"] = ones(640, 4),
        });
        Assert.Contains("adapter for SDXL, and the model is SD 1.x", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMethodThatIsNotKnownIsNamed()
    {
        var error = Refused(new() { ["lora_unet_0.lora_down.weight"] = ones(2, 7), ["lora_unet_0.lora_up.weight"] = ones(5, 2), ["bundle_emb.ink.string_to_param.*"] = ones(1, 7) });
        Assert.Contains("bundled embeddings", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PartsOfTwoMethodsOnOneLayerAreRefusedWithBoth()
    {
        var tensors = Linear();
        tensors["lora_unet_0.hada_w1_a"] = ones(5, 2);
        var error = Refused(tensors).Message;
        Assert.Contains("lora", error, StringComparison.Ordinal);
        Assert.Contains("loha", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AValueThatIsNoNumberIsNamed()
    {
        var tensors = Linear();
        tensors["lora_unet_0.lora_up.weight"] = full(5, 2, float.NaN);
        Assert.Contains("lora_unet_0.lora_up.weight", Refused(tensors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWeightIsReplacedOutright()
    {
        using var adapter = AdapterFile.Read(Saved(new() { ["lora_unet_0.set_weight"] = ones(5, 7) * 3 }), Model());
        using var made = adapter.Targets["unet.0"].Apply(zeros(5, 7), 1);
        Assert.Equal(3, made.min().ToDouble());
        Assert.Equal(3, made.max().ToDouble());
    }

    [Fact]
    public void AWeightThatWouldHaveToGrowIsRefusedWithBothShapesAndOneOfTheLayerSShapeIsNot()
    {
        var tensors = Linear();
        tensors["lora_unet_0.reshape_weight"] = tensor(new long[] { 5, 7 });
        using (AdapterFile.Read(Saved(tensors), Model())) { }
        tensors["lora_unet_0.reshape_weight"] = tensor(new long[] { 5, 14 });
        Assert.Contains("(5, 14)", Refused(tensors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APartThatIsNotKnownOfAKnownLayerIsRefusedEvenIfOthersMayBeLeftOver()
    {
        var tensors = Linear();
        tensors["lora_unet_0.strange"] = ones(5, 7);
        foreach (bool allowUnmatched in new[] { false, true })
        {
            var error = Assert.Throws<LowrankException>(() => AdapterFile.Read(Saved(tensors), Model(), allowUnmatched));
            Assert.Contains("lora_unet_0.strange", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void HashesOfTheFileThatWasReadAreNotWritten()
    {
        string path = folder.File("ink.safetensors");
        Safetensors.Save(path, Linear(), new Dictionary<string, string> { ["sshs_model_hash"] = "1234", ["ss_seed"] = "5" });
        using var adapter = AdapterFile.Read(path, Model());
        Assert.Equal("1234", adapter.Metadata["sshs_model_hash"]);
        AdapterFile.Write(folder.File("out.safetensors"), adapter, Model());
        using var file = Containers.Open(folder.File("out.safetensors"));
        Assert.Equal(["ss_seed", "sshs_legacy_hash", "sshs_model_hash"], file.Metadata.Keys.Order(StringComparer.Ordinal));
        using var stream = File.OpenRead(folder.File("out.safetensors"));
        Assert.Equal(KohyaHashes.Of(stream).ModelHash, file.Metadata["sshs_model_hash"]);
    }

    [Fact]
    public void AFileInNoKnownDialectIsShownByItsFirstKeys()
    {
        var error = Refused(new() { ["some.weight"] = ones(5, 2) });
        Assert.Contains("some.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("kohya", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFaultIsToldAtOnce()
    {
        var tensors = Linear(width: 8);
        tensors["lora_unet_1.lora_down.weight"] = ones(2, 4, 3, 3);
        var error = Refused(tensors);
        Assert.Contains("lora_unet_0", error.Message, StringComparison.Ordinal);
        Assert.Contains("lora_unet_1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingAlphaMeansTheRank()
    {
        var tensors = Linear();
        tensors.Remove("lora_unet_0.alpha");
        using var adapter = AdapterFile.Read(Saved(tensors), Model());
        Assert.Equal(1, ((Lora)adapter.Targets["unet.0"]).Scale);
    }

    [Fact]
    public void AnUnknownDialectCannotBeWritten()
    {
        using var adapter = AdapterFile.Read(Saved(Linear()), Model());
        var error = Assert.Throws<LowrankException>(() => AdapterFile.Write(folder.File("out.safetensors"), adapter, Model(), "klingon"));
        Assert.Contains("kohya", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("out.safetensors")));
    }

    [Fact]
    public void SdXlIsWrittenInTheSecondSpelling()
    {
        using var adapter = AdapterFile.Read(Saved(Linear()), Model());
        AdapterFile.Write(folder.File("xl.safetensors"), adapter, Model("sdxl"));
        using var file = Containers.Open(folder.File("xl.safetensors"));
        Assert.All(file.Tensors, tensor => Assert.StartsWith("lora_unet_blocks_0_op.", tensor.Name, StringComparison.Ordinal));
    }
}

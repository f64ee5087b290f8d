namespace Lowrank.Adapters.Tests;

/// <summary>What is particular to modules of several weights: dropouts that nobody tells, what they refuse, files, threads.</summary>
public class SealedModuleTests
{
    static SealedCase Case(string name) => SealedCase.All.First(one => one.Name == name);

    static SealedCase Attention(double dropout) =>
        Case("attention") with { Make = () => nn.MultiheadAttention(12, 3, dropout: dropout) };

    static SealedCase Lstm(double dropout) => Case("LSTM both ways, the batch first") with
    {
        Make = () => nn.LSTM(4, 5, numLayers: 2, bidirectional: true, batchFirst: true, dropout: dropout),
    };

    public static TheoryData<string, double> Dropouts => new()
    {
        { "attention", 0.0 }, { "attention", 0.1 }, { "attention", 0.37 }, { "attention", 0.5 }, { "LSTM", 0.0 }, { "LSTM", 0.25 }, { "LSTM", 0.9 },
    };

    [Theory, MemberData(nameof(Dropouts))]
    public void WhatTheModuleDropsInTrainingIsDroppedTheSame(string name, double dropout)
    {
        using var scope = NewDisposeScope();
        var of = name == "LSTM" ? Lstm(dropout) : Attention(dropout);
        using var net = new SealedNet(of);
        using var changed = net.Copy(of, 1);
        random.manual_seed(3);
        of.Call(changed);   // as the module itself, before its adapted weights
        var want = of.Call(changed);
        random.manual_seed(3);
        var got = of.Call(net.Inner);
        Assert.All(want.Zip(got), pair => Assert.InRange((pair.First - pair.Second).abs().max().ToDouble(), 0, 1e-6));
        if (dropout > 0) Assert.True((want[0] - of.Call(changed)[0]).abs().max().ToDouble() > 1e-3);
        net.Inner.eval();
        changed.eval();
        Assert.True(of.Call(changed)[0].allclose(of.Call(net.Inner)[0], 1e-6, 1e-6));
    }

    [Fact]
    public void ADropoutThatAnswersDoNotTellIsRefusedInTrainingAlone()
    {
        using var scope = NewDisposeScope();
        using var net = new SealedNet(Lstm(0.123));
        var error = Assert.Throws<LowrankException>(() => Lstm(0.123).Call(net.Inner));
        Assert.Contains("TorchSharp does not tell the dropout of a LSTM", error.Message, StringComparison.Ordinal);
        net.Inner.eval();
        using var changed = net.Copy(Lstm(0.123), 1);
        Assert.True(Lstm(0.123).Call(changed)[0].allclose(Lstm(0.123).Call(net.Inner)[0], 1e-6, 1e-6));
    }

    [Theory]
    [InlineData("LSTM", "_l1")]
    [InlineData("LSTM", "weight_ih_l1")]
    [InlineData("GRU with a state", "weight_ih_l1")]
    public void ADropoutBeforeWeightsOfZeroIsRefusedInTrainingAlone(string name, string zeroed)
    {
        using var scope = NewDisposeScope();
        var of = name == "LSTM" ? Lstm(0.5) : Case(name) with { Make = () => nn.GRU(4, 5, numLayers: 2, bidirectional: true, dropout: 0.5) };
        using var net = new SealedNet(of);
        using (no_grad())
            foreach (var (own, parameter) in net.Inner.named_parameters())
                if (own.Contains(zeroed, StringComparison.Ordinal)) parameter.zero_();
        var error = Assert.Throws<LowrankException>(() => of.Call(net.Inner));
        Assert.Contains("hide what is dropped before them", error.Message, StringComparison.Ordinal);
        net.Inner.eval();
        using var changed = net.Copy(of, 1);
        Assert.True(of.Call(changed)[0].allclose(of.Call(net.Inner)[0], 1e-6, 1e-6));
    }

    [Theory]
    [InlineData("attention")]
    [InlineData("RNN")]
    [InlineData("RNNCell")]
    public void DescribingDrawsNothingAndLeavesTheModeAlone(string name)
    {
        random.manual_seed(1);
        var module = Case(name).Make();
        using var net = new HeldNet(("0", module));
        byte[] before = RandomState.Capture();
        Assert.NotEmpty(ModelDescription.Of(net).Components[0].Targets);
        Assert.True(module.training);
        Assert.Equal(before, RandomState.Capture());
    }

    [Fact]
    public void AnAttentionOfNothingIsListedWithItsReason()
    {
        var module = nn.MultiheadAttention(12, 3);
        using var net = new HeldNet(("0", module));
        using (no_grad())
            foreach (var parameter in module.parameters()) parameter.zero_();
        var listed = Assert.Single(ModelDescription.Of(net).Unadaptable);
        Assert.Equal(("model.0", "MultiheadAttention"), (listed.Path, listed.Kind));
        Assert.Contains("how many heads", listed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void DescribingABagThatLimitsItsRowsChangesNone()
    {
        using var scope = NewDisposeScope();
        var bag = nn.EmbeddingBag(7, 5, max_norm: 0.1);
        using var net = new HeldNet(("0", bag));
        var before = bag.weight!.detach().clone();
        Assert.Equal("EmbeddingBag", Assert.Single(ModelDescription.Of(net).Components[0].Targets).Target.Within);
        Assert.True(bag.weight!.equal(before).all().ToBoolean());
        Assert.True(bag.weight!.requires_grad);
    }

    [Theory]
    [InlineData(EmbeddingBagMode.Mean, true)]
    [InlineData(EmbeddingBagMode.Sum, false)]
    public void ABagOfGivenRowsIsAdaptedAndMergedThroughThose(EmbeddingBagMode mode, bool frozen)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Tensor rows = SealedCase.Numbers(7, 5).to(ScalarType.Float32), ids = tensor(new long[] { 1, 4, 6 }), first = tensor(new long[] { 0 });
        var bag = nn.EmbeddingBag_from_pretrained(rows.clone(), freeze: frozen, mode: mode);
        using var net = new HeldNet(("0", bag));
        var model = ModelDescription.Of(net);
        using var attachment = model.Adapt("*", new LoraOptions(2, 3));
        Assert.True(bag.call(ids, first, null!).allclose(Bagged(rows), 1e-6, 1e-6));

        foreach (var part in attachment.Adapter.Trainable) part.fill_(0.5);
        var want = Bagged(rows + 2 * 0.5 * 0.5 * 1.5);   // rank · up · down · alpha / rank
        Assert.True(bag.call(ids, first, null!).allclose(want, 1e-6, 1e-6));
        model.Merge();
        Assert.True(bag.call(ids, first, null!).allclose(want, 1e-6, 1e-6));
        model.Unmerge();
        attachment.Active = false;
        Assert.True(bag.call(ids, first, null!).allclose(Bagged(rows), 0, 0));

        Tensor Bagged(Tensor of)
        {
            var sum = of.index_select(0, ids).sum(0, keepdim: true);
            return mode == EmbeddingBagMode.Sum ? sum : sum / 3;
        }
    }

    [Fact]
    public void AModelThatIsSuchAModuleItselfIsAdaptedOrListed()
    {
        using var memory = nn.LSTM(4, 5);
        Assert.Equal(["model.weight_ih_l0", "model.weight_hh_l0"], ModelDescription.Of(memory).Components[0].Targets.Select(t => t.Target.Path));
        using (var attachment = ModelDescription.Of(memory).Adapt("weight_ih_l0", new LoraOptions(2))) Assert.Single(attachment.Adapter.Targets);
        using var pair = nn.Bilinear(4, 5, 3);
        Assert.Empty(ModelDescription.Of(pair).Components[0].Targets);
        var listed = Assert.Single(ModelDescription.Of(pair).Unadaptable);
        Assert.Equal("model (Bilinear): it is the model itself, and layers are adapted within one; put it into a module, such as nn.Sequential", $"{listed}");
    }

    [Fact]
    public void AStartThatSeesInputsRefusesThem()
    {
        using var net = Net();
        var error = Assert.Throws<LowrankException>(() =>
            ModelDescription.Of(net).Adapt("kind:lstm", new LoraOptions(2) { Init = "eva" }));
        Assert.Contains("inputs are gathered of linear layers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsAreMergedOneByOneUnderTheirParametersNames()
    {
        using var scope = NewDisposeScope();
        using var net = new SealedNet(Case("attention"));
        using var changed = net.Copy(Case("attention"), 0.5);
        var merge = new WeightMerge(net.Model, [new MergeTerm(net.Attachment.Adapter, 0.5)], (_, _) => null);
        Assert.Equal(2, merge.Count);
        foreach (string name in new[] { "in_proj_weight", "out_proj.weight" })
        {
            Assert.True(merge.Touches($"model.inner.{name}"));
            var own = net.Inner.get_parameter(name)!.detach().clone();
            Assert.True(merge.Change($"model.inner.{name}", own).allclose(changed.get_parameter(name)!, 1e-6, 1e-6));
        }
        Assert.False(merge.Touches("model.inner.in_proj_bias"));
    }

    [Fact]
    public void RowsOfTheirOwnAreRefusedAndRowsOfTheBaseAreNot()
    {
        using var scope = NewDisposeScope();
        using var net = new SealedNet(Case("GRU"));
        using var plain = net.Copy(Case("GRU"), 0);
        using (net.Model.PerRow([net.Attachment, null]))
        {
            var error = Assert.Throws<LowrankException>(() => Case("GRU").Call(net.Inner));
            Assert.Contains("rows cannot have adapters of their own", error.Message, StringComparison.Ordinal);
        }
        using (net.Model.PerRow([null, null]))
            Assert.True(Case("GRU").Call(plain)[0].allclose(Case("GRU").Call(net.Inner)[0], 1e-12, 1e-12));
    }

    [Fact]
    public void ADropoutBesideTheWeightIsRefused()
    {
        using var scope = NewDisposeScope();
        using var net = new SealedNet(Case("GRU"), new LoraOptions(2, 3) { Dropout = 0.1 });
        var error = Assert.Throws<LowrankException>(() => Case("GRU").Call(net.Inner));
        Assert.Contains("acts beside the weight", error.Message, StringComparison.Ordinal);
        net.Inner.eval();
        Assert.NotEmpty(Case("GRU").Call(net.Inner));
    }

    [Theory]
    [InlineData("kind:lstm", 2)]
    [InlineData("class:LSTM", 2)]
    [InlineData("weight_hh_l0", 1)]
    [InlineData("memory", 2)]
    [InlineData("kind:linear", 1)]
    [InlineData("kind:bilinear", 1)]
    [InlineData("kind:multiheadattention", 2)]
    [InlineData("kind:convtranspose1d", 1)]
    [InlineData("*", 7)]
    public void PatternsChooseThemByNameKindAndClass(string pattern, int count)
    {
        using var net = Net();
        using var attachment = ModelDescription.Of(net).Adapt(pattern, new LoraOptions(2));
        Assert.Equal(count, attachment.Adapter.Targets.Count);
    }

    static HeldNet Net() => new(
        ("memory", nn.LSTM(4, 5)), ("attention", nn.MultiheadAttention(4, 2)), ("pair", nn.Bilinear(4, 5, 3)), ("grow", nn.ConvTranspose1d(4, 5, 3)),
        ("head", nn.Linear(4, 5)));

    [Theory]
    [InlineData("kohya")]
    [InlineData("dotted")]
    public void AFileOfThemComesBack(string dialect)
    {
        using var folder = new TemporaryFolder();
        using var net = Net();
        var model = ModelDescription.Of(net);
        using var attachment = model.Adapt("*", new LoraOptions(2, 3));
        AdapterFile.Write(folder.File("a.safetensors"), attachment.Adapter, model, dialect);
        using var read = AdapterFile.Read(folder.File("a.safetensors"), model);
        Assert.Equal(attachment.Adapter.Targets.Keys.Order(), read.Targets.Keys.Order());
        foreach (var (path, made) in attachment.Adapter.Targets)
            Assert.All(made.Parts.Zip(read.Targets[path].Parts), pair => Assert.True(pair.First.Value.allclose(pair.Second.Value, 0, 0)));
    }

    [Fact]
    public void PeftsFolderHasItsOwnNamesOfAnAttention()
    {
        using var folder = new TemporaryFolder();
        using var net = Net();
        var model = ModelDescription.Of(net);
        using var attachment = model.Adapt("attention,head", new LoraOptions(2, 3));
        AdapterFile.Write(folder.File("peft"), attachment.Adapter, model, "peft");
        using (var file = Containers.Open(Path.Combine(folder.File("peft"), "adapter_model.safetensors")))
            Assert.Equal(
                [
                    "base_model.model.attention.base_layer.out_proj.lora_A.weight (2, 4)", "base_model.model.attention.base_layer.out_proj.lora_B.weight (4, 2)",
                    "base_model.model.attention.lora_A.weight (2, 4)", "base_model.model.attention.lora_B.weight (12, 2)",
                    "base_model.model.head.lora_A.weight (2, 4)", "base_model.model.head.lora_B.weight (5, 2)",
                ],
                file.Tensors.Select(tensor => $"{tensor.Name} {tensor.Shape.Text()}").Order(StringComparer.Ordinal));
        using var config = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.File("peft"), "adapter_config.json")));
        Assert.Equal(["attention", "head"], config.RootElement.GetProperty("target_modules").EnumerateArray().Select(one => one.GetString()));
        using var read = AdapterFile.Read(folder.File("peft"), model);
        Assert.Equal(attachment.Adapter.Targets.Keys.Order(), read.Targets.Keys.Order());
        foreach (var (path, made) in attachment.Adapter.Targets)
            Assert.All(made.Parts.Zip(read.Targets[path].Parts), pair => Assert.True(pair.First.Value.allclose(pair.Second.Value, 0, 0)));
    }

    [Theory]
    [InlineData("memory", "lora", "PEFT adapts no LSTM, as at model.memory.weight_ih_l0")]
    [InlineData("grow", "lora", "PEFT adapts no ConvTranspose1d, as at model.grow")]
    [InlineData("attention", "loha", "PEFT adapts a MultiheadAttention with plain LoRA alone")]
    public void WhatPeftDoesNotAdaptIsNotWrittenAsItsOwn(string pattern, string method, string said)
    {
        using var folder = new TemporaryFolder();
        using var net = Net();
        var model = ModelDescription.Of(net);
        using var attachment = model.Adapt(pattern, new MethodOptions(2), Methods.Named(method));
        var error = Assert.Throws<LowrankException>(() => AdapterFile.Write(folder.File("peft"), attachment.Adapter, model, "peft"));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("loha")]
    [InlineData("lokr")]
    [InlineData("full")]
    [InlineData("oft")]
    [InlineData("vera")]
    [InlineData("ia3")]
    public void OtherMethodsGiveTheirFormulasWeights(string method)
    {
        using var scope = NewDisposeScope();
        foreach (var of in new[] { Case("attention"), Case("LSTM"), Case("Bilinear") })
        {
            using var net = new SealedNet(of, new MethodOptions(2), method);
            var got = of.Call(net.Inner);
            using var copy = of.Make();
            copy.to(ScalarType.Float64);
            using (no_grad())
                foreach (var ((name, own), (_, theirs)) in net.Inner.named_parameters().Zip(copy.named_parameters()))
                {
                    theirs.copy_(own);
                    foreach (var (target, layer) in net.Model.Components[0].Targets)
                    {
                        var made = net.Attachment.Adapter.Targets[target.Path];
                        if (((SealedWeight)layer).WeightName == name) theirs.copy_(target.FromMatrix(made.Apply(target.ToMatrix(own), 1)));
                        if (((SealedWeight)layer).BiasName == name) theirs.copy_(made.ApplyBias(own, 1)!);
                    }
                }
            Assert.All(of.Call(copy).Zip(got), pair => Assert.True(pair.First.allclose(pair.Second, 1e-9, 1e-9)));
        }
    }

    [Fact]
    public void TwoCallersHaveEachTheirOwnAdapter()
    {
        var of = Case("LSTM");
        using var net = new SealedNet(of);
        net.Inner.eval();
        using var plain = net.Copy(of, 0);
        using var changed = net.Copy(of, 1);
        Tensor[] wants = [.. new[] { plain, changed }.Select(copy => of.Call(copy)[0].detach().DetachFromDisposeScope())];
        Parallel.For(0, 2, who =>
        {
            using var grad = no_grad();
            using var block = net.Model.Using(net.Attachment, who);
            for (int i = 0; i < 100; i++)
            {
                using var scope = NewDisposeScope();
                Assert.True(of.Call(net.Inner)[0].allclose(wants[who], 1e-6, 1e-6));
            }
        });
        foreach (var want in wants) want.Dispose();
    }

    [Fact]
    public void AWeightThatALinearLayerSharesIsMergedWithItOrNotAtAll()
    {
        using var scope = NewDisposeScope();
        var (pair, head) = (nn.Bilinear(3, 2, 6, hasBias: false), nn.Linear(6, 6, hasBias: false));
        using var net = new HeldNet(("0", pair), ("1", head));
        using (no_grad())
            head.weight = new TorchSharp.Modules.Parameter(pair.weight!.detach().view(6, 6));
        var model = ModelDescription.Of(net);
        Assert.Equal(["model.0.weight", "model.1.weight"], Assert.Single(model.TiedWeights).Paths);
        using var attachment = model.Adapt("0", new LoraOptions(2));
        using (no_grad())
            foreach (var part in attachment.Adapter.Trainable) part.fill_(0.5);
        var error = Assert.Throws<LowrankException>(model.Merge);
        Assert.Contains("model.0.weight alone", error.Message, StringComparison.Ordinal);
    }
}

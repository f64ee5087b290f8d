namespace Lowrank.Adapters.Tests;

/// <summary>Each line of PEFT's quick tour has one of ours, and means what PEFT's means.</summary>
public sealed class ModelAdaptersTests : IDisposable
{
    sealed class Attention : nn.Module<Tensor, Tensor>
    {
        readonly TorchSharp.Modules.Linear q_proj = nn.Linear(6, 6), v_proj = nn.Linear(6, 6), o_proj = nn.Linear(6, 6);
        readonly TorchSharp.Modules.LayerNorm norm = nn.LayerNorm(6);
        readonly TorchSharp.Modules.Linear classifier = nn.Linear(6, 3);

        public Attention() : base(nameof(Attention)) => RegisterComponents();

        public override Tensor forward(Tensor x) => classifier.call(norm.call(o_proj.call(q_proj.call(x).tanh() * v_proj.call(x))));

        protected override void Dispose(bool disposing)
        {
            foreach (var child in children()) child.Dispose();
            base.Dispose(disposing);
        }
    }

    readonly Attention net;
    readonly DisposeScope scope = NewDisposeScope();
    readonly TemporaryFolder folder = new();
    readonly Tensor x, plain;

    public ModelAdaptersTests()
    {
        random.manual_seed(7);
        net = new Attention();
        x = randn(4, 6);
        plain = Answer();
    }

    public void Dispose()
    {
        net.Adapters().Dispose();
        net.Dispose();
        folder.Dispose();
        scope.Dispose();
    }

    Tensor Answer()
    {
        using var grad = no_grad();
        return net.call(x);
    }

    // The same sums in another order: float32, values around 1.
    static bool Same(Tensor a, Tensor b) => (a - b).abs().max().ToDouble() < 1e-5;

    ModelAdapters Trained(string name = ModelAdapters.Default, string targets = "q_proj,v_proj", string? whole = null)
    {
        var adapters = net.AddLora(targets, rank: 2, alpha: 4, name: name, whole: whole);
        using var grad = no_grad();
        using var own = NewDisposeScope();
        foreach (var part in adapters[name].Adapter.Trainable) part.add_(randn(part.shape) * 0.3);
        return adapters;
    }

    [Fact]
    public void AFreshLoraChangesNothingAndChoosesWhatWasNamed()
    {
        using var adapters = net.AddLora("q_proj,v_proj", rank: 2, alpha: 4, dropout: 0.1);
        Assert.True(Answer().equal(plain).all().ToBoolean());
        Assert.Equal(["model.q_proj", "model.v_proj"], adapters["default"].Adapter.Targets.Keys);
        Assert.Equal((2, 4.0, 0.1), adapters["default"].Adapter.Targets["model.q_proj"].Settings is { } s ? (s.Rank, s.Alpha, s.Dropout) : default);
        Assert.All(net.parameters(), parameter => Assert.False(parameter.requires_grad));
    }

    [Fact]
    public void ExcludeRanksAndWholeAreHeard()
    {
        using var adapters = net.AddLora("*_proj", rank: 2, exclude: "o_proj", ranks: new Dictionary<string, int> { ["v_proj"] = 3 }, whole: "classifier,norm");
        var targets = adapters["default"].Adapter.Targets;
        Assert.Equal(["model.q_proj", "model.v_proj", "model.norm", "model.classifier"], targets.Keys);
        Assert.Equal((2, 3), (targets["model.q_proj"].Settings!.Rank, targets["model.v_proj"].Settings!.Rank));
        Assert.Equal("whole", targets["model.classifier"].Method.Name);
        Assert.Contains("lora, whole on 4 layers", adapters.Status()[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q_prj", "nearest: q_proj")]
    [InlineData("norm", "cannot be adapted: a norm's weight is no matrix")]
    [InlineData("", "an empty pattern chooses no layer")]
    public void APatternOfNothingIsAnErrorThatNamesTheNearest(string targets, string said)
    {
        Assert.Contains(said, Assert.Throws<LowrankException>(() => net.AddLora(targets)).Message, StringComparison.Ordinal);
        Assert.Empty(net.Adapters().Names);
    }

    [Fact]
    public void ARankOfNoAdaptedLayerAndATakenNameAreErrors()
    {
        var ranks = new Dictionary<string, int> { ["o_proj"] = 3 };
        Assert.Contains("\"o_proj\" is of no adapted layer", Assert.Throws<LowrankException>(() => net.AddLora("q_proj", ranks: ranks)).Message, StringComparison.Ordinal);
        net.AddLora("q_proj");
        Assert.Contains("already", Assert.Throws<LowrankException>(() => net.AddLora("v_proj")).Message, StringComparison.Ordinal);
        Assert.Equal(["default"], net.Adapters().Names);
    }

    [Fact]
    public void TheSummaryCountsWhatIsTrained()
    {
        long own = net.parameters().Sum(parameter => parameter.numel());
        using var adapters = net.AddLora("q_proj,v_proj", rank: 2);
        var summary = adapters.TrainableSummary();
        Assert.Equal((2 * 2 * (6 + 6), own + 48, 48 * 4), (summary.Trained, summary.All, summary.Bytes));
        Assert.Equal(48.0 / (own + 48), summary.Share, 12);
        Assert.StartsWith("48 of ", summary.ToString(), StringComparison.Ordinal);
        Assert.Equal(4, adapters.Trainable.Count);
        Assert.Contains("default.model.q_proj.down", adapters.NamedTrainable.Select(one => one.Name));
    }

    [Theory, InlineData("saved"), InlineData("saved.safetensors")]
    public void WhatIsSavedIsLoadedUnderAnotherName(string file)
    {
        var adapters = Trained();
        var trained = Answer();
        adapters.Save(folder.File(file));
        adapters.Unload();
        Assert.True(Answer().equal(plain).all().ToBoolean());
        var again = net.Adapters();
        Assert.NotSame(adapters, again);
        again.Load(folder.File(file), name: "style");
        Assert.Equal(["style"], again.Active);
        Assert.True(Answer().equal(trained).all().ToBoolean());
    }

    [Fact]
    public void AHeadThatIsTrainedWholeIsSavedToo()
    {
        var adapters = Trained(whole: "classifier");
        var trained = Answer();
        adapters.Save(folder.File("with-head"));
        adapters.Unload();
        net.Adapters().Load(folder.File("with-head"));
        Assert.Equal(["with-head"], net.Adapters().Names);
        Assert.True(Same(Answer(), trained));
    }

    [Fact]
    public void TheFirstIsActiveAndOthersWaitUntilTheyAreChosen()
    {
        Trained("style");
        var style = Answer();
        var adapters = Trained("light", "o_proj");
        Assert.Equal(["style", "light"], adapters.Names);
        Assert.Equal(["style"], adapters.Active);
        Assert.True(Answer().equal(style).all().ToBoolean());
        adapters.SetActive("light");
        var light = Answer();
        Assert.False(Same(light, style));
        adapters.SetActive("style", "light");
        Assert.False(Same(Answer(), light));
        adapters.SetActive();
        Assert.True(Answer().equal(plain).all().ToBoolean());
        adapters.SetActive("style");
        Assert.True(Answer().equal(style).all().ToBoolean());
        Assert.Contains("nearest: style", Assert.Throws<LowrankException>(() => adapters.SetActive("stile")).Message, StringComparison.Ordinal);
        Assert.Equal(["style"], adapters.Active);
    }

    [Fact]
    public void DisabledIsTheBaseForABlock()
    {
        var adapters = Trained();
        var trained = Answer();
        using (adapters.Disabled()) Assert.True(Answer().equal(plain).all().ToBoolean());
        Assert.True(Answer().equal(trained).all().ToBoolean());
    }

    [Fact]
    public void ACallMayChooseAnAdapterOfItsOwn()
    {
        Trained("style");
        var style = Answer();
        var adapters = Trained("light", "o_proj");
        adapters.SetActive("light");
        using (adapters.Using("style")) Assert.True(Answer().equal(style).all().ToBoolean());
        Assert.False(Same(Answer(), style));
    }

    [Fact]
    public void ACombinationIsTheWeightedSum()
    {
        Trained("style", "o_proj");
        var adapters = Trained("light", "o_proj");
        var combined = adapters.Combine("both", [("style", 0.7), ("light", -0.3)]);
        Assert.Equal(["style"], adapters.Active);
        adapters.SetActive("both");
        var both = Answer();
        (adapters["style"].Strength, adapters["light"].Strength) = (0.7, -0.3);
        adapters.SetActive("style", "light");
        Assert.True(Same(Answer(), both));
        Assert.Same(combined, adapters["both"]);
    }

    [Fact]
    public void RemovingFreesOneAndLeavesTheOther() => LeakGuard.NoTensorLeaks(() =>
    {
        Trained("style");
        var adapters = Trained("light", "o_proj");
        adapters.Remove("style");
        Assert.Equal(["light"], adapters.Names);
        Assert.False(adapters.Contains("style"));
        adapters.Dispose();
    });

    [Fact]
    public void MergingIsUndoneBitForBit()
    {
        var adapters = Trained();
        var trained = Answer();
        adapters.Merge();
        Assert.True(adapters.Status()[0].IsMerged);
        Assert.True(Same(Answer(), trained));
        adapters.Unmerge();
        Assert.True(Answer().equal(trained).all().ToBoolean());
        adapters.Unload();
        Assert.True(Answer().equal(plain).all().ToBoolean());
    }

    [Theory, InlineData(false), InlineData(true)]
    public void MergeAndUnloadLeavesAPlainModel(bool mergedBefore)
    {
        var adapters = Trained(whole: "classifier");
        var trained = Answer();
        if (mergedBefore) adapters.Merge();
        adapters.MergeAndUnload();
        Assert.True(Same(Answer(), trained));
        Assert.Empty(net.Adapters().Names);
        Assert.All(net.Adapters().Model.Components[0].Targets, target => Assert.Null(target.Layer.Host));
        Assert.All(net.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Fact]
    public void MergeAndUnloadKeepsNoSecondCopy()
    {
        LeakGuard.NoTensorLeaks(() => Trained().MergeAndUnload());
    }

    [Fact]
    public void MergeAndUnloadLosesNoAdapterThatNobodyNamed()
    {
        Trained("style");
        var adapters = Trained("light", "o_proj");
        Assert.Contains("\"light\" is not active and would be lost", Assert.Throws<LowrankException>(() => adapters.MergeAndUnload()).Message, StringComparison.Ordinal);
        adapters.SetActive("light");
        var light = Answer();
        adapters.MergeAndUnload("light");
        Assert.True(Same(Answer(), light));
    }

    [Fact]
    public void TrainingMovesTheAdapterAlone()
    {
        using var adapters = net.AddLora("*", rank: 2, whole: "norm");
        using var optimizer = new FusedAdamW(adapters.Trainable, learningRate: 1e-2);
        var bits = net.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
        double first = 0, last = 0;
        for (int step = 0; step < 30; step++)
        {
            optimizer.ZeroGrad();
            var loss = net.call(x).pow(2).mean();
            loss.backward();
            optimizer.Step();
            (first, last) = (step == 0 ? loss.ToDouble() : first, loss.ToDouble());
        }
        Assert.True(last < first / 2, $"{first} {last}");
        Assert.All(net.named_parameters(), p => Assert.True(p.parameter.equal(bits[p.name]).all().ToBoolean(), p.name));
        optimizer.ZeroGrad();
    }

    [Fact]
    public void OneModuleHasOneSetOfAdapters()
    {
        var adapters = Trained();
        Assert.Same(adapters, net.Adapters());
        adapters["default"].Dispose();   // taken off by its own handle, it is no longer listed
        Assert.Empty(adapters.Names);
    }

    [Theory, InlineData("a.gguf", "kohya", "ends in .safetensors"), InlineData("a.safetensors", "gguf", "ends in .gguf")]
    [InlineData("a.safetensors", "mlx", "is a folder"), InlineData("a.gguf", "peft", "is a folder"), InlineData("a", "kohya", "ends in .safetensors")]
    public void AnEndingOfAnotherDialectIsRefused(string file, string dialect, string told)
    {
        var adapters = Trained();
        string message = Assert.Throws<LowrankException>(() => adapters.Save(folder.File(file), dialect: dialect)).Message;
        Assert.Contains($"the dialect {dialect}", message, StringComparison.Ordinal);
        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.False(Path.Exists(folder.File(file)));
    }

    [Fact]
    public void SeveralActiveAdaptersAreNotSavedAsOne()
    {
        Trained("style");
        var adapters = Trained("light", "o_proj");
        adapters.SetActive("style", "light");
        Assert.Contains("2 adapters are active: say which", Assert.Throws<LowrankException>(() => adapters.Save(folder.File("a"))).Message, StringComparison.Ordinal);
        adapters.Save(folder.File("a"), name: "light");
        Assert.True(Directory.Exists(folder.File("a")));
    }

    [Fact]
    public void AFileOfAWiderModelIsRefusedWithTheLayersPath()
    {
        using var wider = nn.Sequential(("q_proj", nn.Linear(12, 6)));
        using (var adapters = wider.AddLora("*", rank: 2)) adapters.Save(folder.File("wide"));
        var error = Assert.Throws<LowrankException>(() => net.Adapters().Load(folder.File("wide")));
        Assert.Contains("q_proj", error.Message, StringComparison.Ordinal);
        Assert.Empty(net.Adapters().Names);
    }

    [Fact]
    public void WhatAMethodDoesNotHeedIsRefused()
    {
        Refused("oft has no alpha", () => net.AddLora("q_proj", alpha: 4, method: "oft"));
        Refused("ia3 has no rank", () => net.AddLora("q_proj", rank: 4, method: "ia3"));
        Refused("ia3 has no ranks", () => net.AddLora("q_proj", ranks: new Dictionary<string, int> { ["q_proj"] = 3 }, method: "ia3"));
        Refused("oft has no rank_stabilized", () => net.AddAdapter("q_proj", new MethodOptions(2) { RankStabilized = true }, method: "oft"));
        Assert.Empty(net.Adapters().Names);

        static void Refused(string said, Action action) =>
            Assert.Contains(said, Assert.Throws<LowrankException>(action).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oft", 4, "oft: model.q_proj has blocks of 3 channels in place of 4, to fit the width")]
    [InlineData("peft-boft", 4, "blocks of 3 inputs in place of 4")]
    [InlineData("boft", 7, "blocks of 6 outputs in place of 7")]
    [InlineData("diag-oft", 4, "blocks of 2 outputs in place of 4")]
    [InlineData("oft", 3, null)]
    public void BlocksOfAnotherSizeThanWasAskedAreTold(string method, int rank, string? said)
    {
        using var adapters = net.AddLora("q_proj", rank: rank, method: method);
        var status = Assert.Single(adapters.Status());
        if (said is null) Assert.Empty(status.Notes);
        else Assert.Contains(said, Assert.Single(status.Notes), StringComparison.Ordinal);
    }
}

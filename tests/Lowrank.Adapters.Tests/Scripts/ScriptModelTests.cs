namespace Lowrank.Adapters.Tests;

/// <summary>Modules that PyTorch exported are adapted, trained and saved as our own models are.</summary>
public sealed class ScriptModelTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    static Tensor Picture() => randn([2, 3, 12, 10], generator: new Generator(2));

    static Adapter Trained(ModelDescription model, ulong seed = 1)
    {
        var generator = new Generator(seed);
        var targets = model.Components[0].Targets.Select(t => t.Target).Where(t => t.Kind != LayerKind.Norm);
        var adapter = AdapterFactory.Create(targets, new LoraOptions(2, 3), generator);
        using var grad = no_grad();
        foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator) * 0.3);
        return adapter;
    }

    [Theory, InlineData("picture_scripted"), InlineData("picture_traced")]
    public void KindsAndWalksAreReadFromTheCode(string name)
    {
        using var script = ScriptModel.Load(ScriptFiles.Whole(name));
        Assert.Equal(
            [
                "model.stem.0 Conv2d 8x3x3x3 stride 2 padding 1 dilation 1 groups 1", "model.stem.1 Norm 8", "model.grouped Conv2d 12x4x3x3 stride 1 padding 2 dilation 2 groups 2",
                "model.point Conv2d 12x12x1x1 stride 1 padding 0 dilation 1 groups 1", "model.fc Linear 6x12",
            ],
            ModelDescription.Of(script).Components[0].Targets.Select(t => $"{t.Target.Path} {t.Target.Kind} {string.Join('x', t.Target.WeightShape)}" +
                (t.Target.Convolution is { } c ? $" stride {c.Stride[1]} padding {c.Padding[1]} dilation {c.Dilation[0]} groups {c.Groups}" : "")));
    }

    [Theory, InlineData("tokens_scripted"), InlineData("tokens_traced")]
    public void AnEmbeddingIsNotTakenForALinearLayer(string name)
    {
        using var script = ScriptModel.Load(ScriptFiles.Whole(name));
        Assert.Equal(LayerKind.Embedding, script.Layers[0].Layer.Kind);
        Assert.Equal("embed", script.Layers[0].Path);
        Assert.Equal(9, script.Layers.Count(l => l.Layer.Kind == LayerKind.Linear));
        Assert.Equal(4, script.Layers.Count(l => l.Layer.Kind == LayerKind.Norm));
    }

    // Two layers of one shape are given one weight; the file then holds it once.
    string Tied(out string first, out string second)
    {
        string file = folder.File("tied.pt");
        using var whole = jit.load(ScriptFiles.Whole("tokens_scripted"));
        var modules = whole.named_modules().ToList();
        var weighty = modules.Where(m => m.module.named_parameters(recurse: false).Any(p => p.name == "weight" && p.parameter.dim() == 2));
        var alike = weighty.GroupBy(m => m.module.get_parameter("weight")!.shape.Text()).First(group => group.Count() > 1).ToList();
        (first, second) = (alike[0].name, alike[1].name);
        ((jit.ScriptModule)alike[1].module).set_attribute("weight", alike[0].module.get_parameter("weight")!);
        jit.save(whole, file);
        foreach (var (_, module) in modules) module.Dispose();
        return file;
    }

    [Fact]
    public void WeightsThatLayersOfAScriptShareAreTiedAndMergedAlikeOrNotAtAll()
    {
        using var script = ScriptModel.Load(Tied(out string first, out string second));
        var model = ModelDescription.Of(script);
        Assert.Equal([$"model.{first}.weight", $"model.{second}.weight"], Assert.Single(model.TiedWeights).Paths);
        var ids = randint(0, 5, [2, 4], device: CPU);
        var (one, other) = (model.LayersByPath[$"model.{first}"].Weight, model.LayersByPath[$"model.{second}"].Weight);
        var before = one.Dense().detach().clone();
        using var attachment = model.Adapt($"{first}, {second}", new LoraOptions(2, 3));
        var made = attachment.Adapter.Targets.Values.Cast<Lora>().ToList();
        using (no_grad())
            foreach (var part in attachment.Adapter.Trainable) part.normal_();
        var attached = script.call(ids);
        Assert.Contains(second, Assert.Throws<LowrankException>(() => model.Merge()).Message, StringComparison.Ordinal);
        Close.Same(before, other.Dense());

        using (no_grad())
        {
            made[1].Factors.Down.copy_(made[0].Factors.Down);
            made[1].Factors.Up.copy_(made[0].Factors.Up);
        }
        attached = script.call(ids);
        model.Merge();
        var want = before.to(ScalarType.Float64) + made[0].Factors.Up.to(ScalarType.Float64).mm(made[0].Factors.Down.to(ScalarType.Float64)) * 1.5;
        Assert.True(one.Dense().to(ScalarType.Float64).allclose(want, 1e-5, 1e-5));
        Close.Same(one.Dense(), other.Dense());
        Assert.True(attached.allclose(script.call(ids), 1e-4, 1e-4));
        model.Unmerge();
        Close.Same(before, one.Dense());
        Close.Same(before, other.Dense());
    }

    [Theory, InlineData("picture_scripted"), InlineData("picture_traced")]
    public void ItIsTrainedSavedAndReadAsAnyModel(string name)
    {
        using var script = ScriptModel.Load(ScriptFiles.Whole(name));
        var model = ModelDescription.Of(script);
        var x = Picture();
        var goal = script.call(x).detach() + 1;
        using var adapter = AdapterFactory.Create(model.Components[0].Targets.Select(t => t.Target).Where(t => t.Kind != LayerKind.Norm), new LoraOptions(2), new Generator(1));
        using var attachment = model.Attach(adapter);
        using var optimizer = optim.Adam(adapter.Trainable.Cast<TorchSharp.Modules.Parameter>(), 0.02);
        double first = Step(), last = 0;
        attachment.AssertUsed();
        for (int step = 0; step < 60; step++) last = Step();
        Assert.True(last < first / 20, $"loss {first:g3} fell to {last:g3} only");

        var trained = script.call(x);
        AdapterFile.Write(folder.File("script.safetensors"), adapter, model);
        attachment.Detach();
        using var again = AdapterFile.Read(folder.File("script.safetensors"), model);
        using var second = model.Attach(again);
        Close.Equal(trained, script.call(x));

        model.Merge();
        script.Save(folder.File("merged.pt"));
        using var merged = ScriptModel.Load(folder.File("merged.pt"));
        Close.Equal(trained, merged.call(x));

        double Step()
        {
            using var step = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.mse_loss(script.call(x), goal);
            loss.backward();
            Backward.Rethrow();
            optimizer.step();
            return loss.ToDouble();
        }
    }

    [Fact]
    public void StrengthsStackAndADetachedModuleHasItsBits()
    {
        using var script = ScriptModel.Load(ScriptFiles.Whole("picture_traced"));
        var model = ModelDescription.Of(script);
        using Adapter one = Trained(model), other = Trained(model, 2);
        var (x, before) = (Picture(), script.state_dict().ToDictionary(p => p.Key, p => p.Value.clone()));
        var plain = script.call(x);
        using var first = model.Attach(one, 0.7);
        using var second = model.Attach(other, -0.5);
        var both = script.call(x);
        model.Merge();
        Close.Equal(both, script.call(x));
        model.Unmerge();
        first.Strength = second.Strength = 0;
        Close.Same(plain, script.call(x));
        first.Detach();
        second.Detach();
        Assert.All(script.state_dict(), p => Close.Same(before[p.Key], p.Value, p.Key));
    }

    [Fact]
    public void ABiasIsAdaptedTooAndANorm()
    {
        using var script = ScriptModel.Load(ScriptFiles.Whole("picture_scripted"));
        var model = ModelDescription.Of(script);
        var x = Picture();
        var plain = script.call(x);
        var biases = script.Layers.Where(l => l.Layer.Bias is not null).ToDictionary(l => $"model.{l.Path}", l => l.Layer.Bias!.clone());
        var targets = model.Components[0].Targets.Select(t => t.Target).Where(t => t.Path != "model.grouped");
        using var adapter = AdapterFactory.Create(model, targets, Methods.All.First(m => m.Name == "full"), new MethodOptions(1));
        using (no_grad())
            foreach (var part in adapter.Trainable) part.add_(0.1);
        Assert.Contains(adapter.Targets.Values, r => r.AdaptsBias);
        using (model.Attach(adapter))
        {
            var attached = script.call(x);
            Assert.True((attached - plain).abs().max().ToDouble() > 0.01);
            model.Merge();
            Close.Equal(attached, script.call(x));
        }
        Close.Same(plain, script.call(x));
        Assert.All(script.Layers.Where(l => l.Layer.Bias is not null), l => Close.Same(biases[$"model.{l.Path}"], l.Layer.Bias!));
    }

    [Fact]
    public void AWeightThatTheCodePassesOverIsReportedAfterAStep()
    {
        using var script = ScriptModel.Load(ScriptFiles.Changed("picture_scripted", folder.File("idle.pt"), code =>
            code.Replace("torch.add(x0, (point).forward(x0, ))", "torch.add(x0, x0)", StringComparison.Ordinal)));
        var model = ModelDescription.Of(script);
        using var adapter = Trained(model);
        using var attachment = model.Attach(adapter);
        script.call(Picture()).sum().backward();
        Backward.Rethrow();
        var error = Assert.Throws<LowrankException>(attachment.AssertUsed);
        Assert.Contains("model.point", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 of 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MethodsWithNumbersAndTuplesAreInvoked()
    {
        using var script = ScriptModel.Load(ScriptFiles.Changed("picture_scripted", folder.File("more.pt"), code => code + """
              def scaled(s: __torch__.Conv,
                x: Tensor,
                scale: float) -> Tuple[Tensor, Tensor]:
                y = (s).forward(x, )
                return (torch.mul(y, scale), y)

            """));
        var model = ModelDescription.Of(script);
        using var adapter = Trained(model);
        using var attachment = model.Attach(adapter);
        var (x, before) = (Picture(), LeakGuard.Live);
        var (scaled, y) = ((Tensor, Tensor))script.Invoke("scaled", x, 0.5)!;
        Close.Equal(y * 0.5, scaled);
        Close.Equal(script.call(x), y);
        Assert.Contains("Invoke", Assert.Throws<LowrankException>(() => ScriptModel.Load(ScriptFiles.Changed("picture_scripted", folder.File("pair.pt"), code =>
            code.Replace("-> Tensor:\n    stem", "-> Tuple[Tensor, Tensor]:\n    stem", StringComparison.Ordinal).Replace("return _1", "return (_1, _1)", StringComparison.Ordinal))).call(x)).Message, StringComparison.Ordinal);
    }

    sealed class Around : nn.Module<Tensor, Tensor>
    {
        readonly ScriptModel backbone = ScriptModel.Load(ScriptFiles.Whole("picture_traced"));
        readonly TorchSharp.Modules.Linear head = nn.Linear(6, 2);

        public Around() : base(nameof(Around)) => RegisterComponents();

        public override Tensor forward(Tensor x) => head.call(backbone.call(x).relu());
    }

    [Fact]
    public void ItMayBeAPartOfAnotherModel()
    {
        using var net = new Around();
        var model = ModelDescription.Of(net);
        Assert.Equal(["model.backbone.stem.0", "model.backbone.stem.1", "model.backbone.grouped", "model.backbone.point", "model.backbone.fc", "model.head"],
            model.Components[0].Targets.Select(t => t.Target.Path));
        using var adapter = Trained(model);
        using var attachment = model.Attach(adapter);
        net.call(Picture()).sum().backward();
        Backward.Rethrow();
        attachment.AssertUsed();
        Assert.All(adapter.Trainable, part => Assert.True(part.grad!.abs().sum().ToDouble() > 0));
    }

    [Fact]
    public void ItMovesToAnotherDtype()
    {
        using var script = ScriptModel.Load(ScriptFiles.Whole("picture_scripted"));
        script.to(ScalarType.BFloat16);
        Assert.All(script.Layers, l => Assert.Equal(ScalarType.BFloat16, l.Layer.Weight.Dtype));
        var model = ModelDescription.Of(script);
        using var adapter = Trained(model);
        using var attachment = model.Attach(adapter);
        var x = Picture().to(ScalarType.BFloat16);
        var attached = script.call(x);
        Assert.Equal(ScalarType.BFloat16, attached.dtype);
        model.Merge();
        Close.Same(attached, script.call(x));
    }

    [Fact]
    public void StepsLeaveNoTensorBehind()
    {
        using var script = ScriptModel.Load(ScriptFiles.Whole("picture_scripted"));
        var model = ModelDescription.Of(script);
        using var adapter = Trained(model);
        using var attachment = model.Attach(adapter);
        Step();
        LeakGuard.NoTensorLeaks(Step);

        void Step()
        {
            using var step = NewDisposeScope();
            script.call(Picture()).square().sum().backward();
            using (no_grad()) script.call(Picture());
            Backward.Rethrow();
            Backward.Release();
        }
    }

    [Fact]
    public void AnErrorOfTheModuleSaysWhereAndLeavesItsWeights()
    {
        using var script = ScriptModel.Load(ScriptFiles.Whole("picture_scripted"));
        var model = ModelDescription.Of(script);
        var plain = script.call(Picture());
        using var adapter = Trained(model);
        using (model.Attach(adapter))
            Assert.Contains("picture_scripted", Assert.Throws<LayerException>(() => script.call(randn(2, 5, 12, 10))).Message, StringComparison.Ordinal);
        Close.Same(plain, script.call(Picture()));
    }

    [Fact]
    public void WhatIsNoScriptIsRefusedWithTheReason()
    {
        Assert.Contains("no such file", Assert.Throws<LowrankException>(() => ScriptModel.Load(folder.File("none.pt"))).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.File("text.pt"), "not a module");
        Assert.Contains("no TorchScript module", Assert.Throws<LowrankException>(() => ScriptModel.Load(folder.File("text.pt"))).Message, StringComparison.Ordinal);
        using (var archive = System.IO.Compression.ZipFile.Open(folder.File("weights.pt"), System.IO.Compression.ZipArchiveMode.Create)) archive.CreateEntry("archive/data.pkl");
        Assert.Contains("torch.jit.save", Assert.Throws<LowrankException>(() => ScriptModel.Load(folder.File("weights.pt"))).Message, StringComparison.Ordinal);
        var bytes = File.ReadAllBytes(ScriptFiles.Whole("picture_traced"));
        File.WriteAllBytes(folder.File("cut.pt"), bytes[..(bytes.Length / 2)]);
        Assert.Contains("cut.pt", Assert.Throws<LowrankException>(() => ScriptModel.Load(folder.File("cut.pt"))).Message, StringComparison.Ordinal);
    }
}

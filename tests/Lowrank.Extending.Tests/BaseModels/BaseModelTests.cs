namespace Lowrank.Extending.Tests;

/// <summary>A base model that lives outside the library is opened, described, adapted and reported on like Stable Diffusion.</summary>
public sealed class BaseModelTests : IDisposable
{
    static readonly string stableDiffusion = Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sd1");

    readonly string folder = Directory.CreateTempSubdirectory("lowrank-two-layers-").FullName;

    public BaseModelTests() => TwoLayersKind.Write(folder, 5);

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public void OneCallLoadsItOrStableDiffusion()
    {
        using var ours = ModelKinds.Load(folder, Storage.Default);
        using var theirs = ModelKinds.Load(stableDiffusion, Storage.Default);
        Assert.Equal("two-layers", ours.Family);
        Assert.Equal(Path.GetFileName(folder), ours.Name);
        Assert.Equal("sd1", Assert.IsType<StableDiffusion>(theirs).Family);
    }

    [Fact]
    public void ItIsAdaptedAndAnswersOtherwise() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = ModelKinds.Load(folder, Storage.Default);
        var layers = (TwoLayers)model.Describe().Components[0].Module;
        Assert.Equal(["model.first", "model.second"], model.Describe().Components[0].Targets.Select(target => target.Target.Path));
        var x = randn(2, 5, device: CPU);
        var before = layers.call(x);
        using (var adapted = model.Describe().Adapt("*", new LoraOptions(2)))
        {
            Assert.True(layers.call(x).equal(before).all().item<bool>());   // a fresh LoRA changes nothing
            foreach (var part in adapted.Adapter.Trainable) part.fill_(0.5);
            Assert.False(layers.call(x).allclose(before));
        }
        Assert.True(layers.call(x).equal(before).all().item<bool>());
    });

    [Fact]
    public void ItsOutlineHasItsShapesAndReadsItsWeights()
    {
        using var scope = NewDisposeScope();
        using var outline = ModelKinds.Outline(folder);
        var second = outline.Describe().Components[0].Targets[1].Target;
        Assert.Equal(["model.first.bias", "model.first.weight", "model.second.weight"], outline.Names.Order());
        using var model = ModelKinds.Load(folder, Storage.Default);
        Assert.True(outline.Weight(second, "weight")!.equal(model.Describe().Components[0].Targets[1].Layer.Weight.Dense(ScalarType.Float32)).all().item<bool>());
        Assert.Null(outline.Weight(second, "bias"));
    }

    [Fact]
    public void ItIsReportedOn()
    {
        Assert.True(BaseModelInspection.Recognizes(folder));
        var report = BaseModelInspection.Inspect(folder);
        Assert.Equal(("two-layers", "Two Layers", null), (report.Family, report.Title, report.Prediction));
        Assert.Equal((5 + 1) * 7 + 7 * 3, report.Parameters);
        Assert.Equal(4 * report.Parameters, report.Bytes);
    }

    [Fact]
    public void WhatIsOfNoKindIsToldWhatItLacks()
    {
        string empty = Directory.CreateTempSubdirectory("lowrank-empty-").FullName;
        Assert.Contains("holds no model_index.json", Assert.Throws<LowrankException>(() => ModelKinds.Load(empty, Storage.Default)).Message);
        Assert.Contains("does not exist", Assert.Throws<LowrankException>(() => ModelKinds.Outline(empty + "x")).Message);
        Directory.Delete(empty);
    }

    [Fact]
    public void AnAdapterFileIsKnownToBeForIt()
    {
        string path = Path.Combine(folder, "adapter.safetensors");
        using (var model = ModelKinds.Load(folder, Storage.Default))
        using (var adapted = model.Describe().Adapt("*", new LoraOptions(2)))
            AdapterFile.Write(path, adapted.Adapter, model.Describe(), "peft");
        using var file = AdapterFile.Open(path);
        Assert.Equal("Two Layers", FamilyGuess.Of(file, ModelKinds.Families)?.Title);
        Assert.Equal("two-layers", AdapterInspection.Inspect(file, ModelKinds.Families).Family);
    }

    [Fact]
    public void AFamilyWithoutAPublishedModelIsAskedForOne() =>
        Assert.Contains("Give the base model", Assert.Throws<LowrankException>(() => ModelKinds.Published("two-layers")).Message);
}

namespace Lowrank.Adapters.Tests;

public sealed class AttachmentTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly SequenceModel network;
    readonly ModelDescription model;
    readonly Tensor x;

    public AttachmentTests()
    {
        random.manual_seed(5);
        network = new SequenceModel(new Linear(7, 5), new Linear(5, 3));
        using (no_grad())
            foreach (var parameter in network.parameters()) parameter.normal_();
        model = network.Describe();
        x = randn(2, 7);
    }

    public void Dispose()
    {
        network.Dispose();
        scope.Dispose();
    }

    Adapter Trained(int rank = 2)
    {
        var adapter = AdapterFactory.Create(model.Components[0].Targets.Select(t => t.Target), new LoraOptions(rank, 1), name: "ink");
        using var grad = no_grad();
        foreach (var part in adapter.Trainable) part.normal_();
        return adapter;
    }

    [Fact]
    public void WhatWasTakenOutTakesNoSettings()
    {
        using var adapter = Trained();
        var attachment = model.Attach(adapter, 0.7);
        attachment.Detach();
        Action[] settings =
        [
            () => attachment.Strength = 0.5, () => attachment.Active = false, () => attachment.SetStrengths(_ => 0.5),
            () => attachment.SetStrength(model.Components[0].Name, 0.5), () => attachment.Disabled().Dispose(), attachment.AssertUsed,
        ];
        Assert.All(settings, set => Assert.Contains("Attach it again", Assert.Throws<LowrankException>(set).Message, StringComparison.Ordinal));
        Assert.Equal((0.7, true, false), (attachment.Strength, attachment.Active, attachment.IsAttached));
        attachment.Dispose();
        attachment.Dispose();
    }

    [Fact]
    public void WhileMergedTheStrengthStands()
    {
        using var adapter = Trained();
        using var attachment = model.Attach(adapter, 0.7);
        model.Merge();
        var error = Assert.Throws<LowrankException>(() => attachment.Strength = 0.5);
        Assert.Contains("unmerge", error.Message, StringComparison.Ordinal);
        Assert.Equal(0.7, attachment.Strength);
        Assert.Throws<LowrankException>(() => attachment.SetStrength("unet", 0.5));
        Assert.Throws<LowrankException>(attachment.Detach);
        Assert.Throws<LowrankException>(() => model.Merge());

        var merged = network.call(x);
        model.Unmerge();
        Close.Equal(merged, network.call(x));
        attachment.Strength = 0;
        Close.Same(network.Run(x), network.call(x));
    }

    [Fact]
    public void WhatIsAttachedToAMergedModelComesOnTop()
    {
        using Adapter one = Trained(), other = Trained();
        using var first = model.Attach(one);
        using var second = model.Attach(other, 0.5);
        var both = network.call(x);
        second.Detach();
        model.Merge();
        using var later = model.Attach(other, 0.5);
        Close.Equal(both, network.call(x));
        later.Strength = 1;
        later.Detach();
        model.Unmerge();
    }

    [Theory, InlineData(true), InlineData(false)]
    public void AParameterThatWasReplacedByAnotherShapeIsNotMergedAndItsLayerIsNamed(bool isBias)
    {
        using var net = nn.Sequential(("first", nn.Linear(7, 5)), ("second", nn.Linear(5, 3)));
        using var adapters = net.AddLora("*", rank: 2);
        var second = (TorchSharp.Modules.Linear)net[1];
        if (isBias) second.bias = new TorchSharp.Modules.Parameter(zeros(4, device: CPU));
        else second.weight = new TorchSharp.Modules.Parameter(zeros(4, 5, device: CPU));
        string told = Assert.Throws<LowrankException>(() => adapters.Merge()).Message;
        Assert.Contains($"the {(isBias ? "bias" : "weight")} of model.second has shape ({(isBias ? "4" : "4, 5")})", told, StringComparison.Ordinal);
        Assert.Contains($"had ({(isBias ? "3" : "3, 5")})", told, StringComparison.Ordinal);
        Assert.False(adapters["default"].IsMerged);
    }

    [Fact]
    public void WhatIsNotFiniteIsNotMerged()
    {
        using var adapter = Trained();
        using var attachment = model.Attach(adapter);
        var (target, layer) = model.Components[0].Targets[1];
        var part = adapter.Targets[target.Path].parameters().Last();
        Spoil(part, double.PositiveInfinity);
        string told = Assert.Throws<LowrankException>(() => model.Merge()).Message;
        Assert.Contains("\"ink\" holds NaN or infinity", told, StringComparison.Ordinal);
        Assert.Contains(target.Path, told, StringComparison.Ordinal);

        Spoil(part, 1);
        Spoil(layer.Weight.Dense(), double.NaN);
        told = Assert.Throws<LowrankException>(() => model.Merge()).Message;
        Assert.Contains($"the weight of {target}", told, StringComparison.Ordinal);
        Assert.Contains("before anything is merged", told, StringComparison.Ordinal);
        Assert.DoesNotContain(model.Components[0].Targets, one => one.Layer.Host is AdaptedLayer { IsMerged: true });

        static void Spoil(Tensor values, double with)
        {
            using var grad = no_grad();
            values[0, 0] = with;
        }
    }

    [Fact]
    public void DisposingOfAMergedAttachmentRestoresTheBits()
    {
        var before = model.Components[0].Targets.Select(t => t.Layer.Weight.Dense().clone()).ToList();
        using var adapter = Trained();
        using (model.Attach(adapter)) model.Merge();
        foreach (var ((_, layer), weight) in model.Components[0].Targets.Zip(before))
        {
            Close.Same(weight, layer.Weight.Dense());
            Assert.Null(layer.Host);
        }
    }

    [Fact]
    public void DisposingOfOneLeavesWhatElseIsMerged()
    {
        using Adapter one = Trained(), other = Trained();
        using var first = model.Attach(one);
        var alone = network.call(x);
        model.Merge();
        var merged = network.call(x);
        model.Attach(other).Dispose();
        Close.Same(merged, network.call(x));
        model.Unmerge();

        using (model.Attach(other))
        {
            model.Merge();
            Assert.False(network.call(x).allclose(merged));
        }
        Close.Equal(alone, network.call(x));
        Assert.Throws<LowrankException>(() => model.Merge());
        model.Unmerge();
        Close.Same(alone, network.call(x));
    }

    [Fact]
    public void SomeOfTheAttachedAreMergedAndTheOthersStayBeside()
    {
        using Adapter one = Trained(), other = Trained();
        using var first = model.Attach(one, 0.7);
        using var second = model.Attach(other, -0.5);
        var both = network.call(x);
        model.Merge(second);
        Close.Equal(both, network.call(x));
        first.Active = false;
        Assert.Throws<LowrankException>(() => second.Active = false);
        model.Unmerge();
        first.Active = true;
        Close.Same(both, network.call(x));
    }

    [Fact]
    public void AWeightThatCannotHoldTheSumRefusesItAndNoLayerIsMerged()
    {
        var storage = new Storage(ScalarType.Float16);
        using var half = new SequenceModel(new Linear(7, 5, storage: storage), new Linear(5, 3, storage: storage));
        using (no_grad())
            foreach (var parameter in half.parameters()) parameter.fill_(1);
        var description = half.Describe();
        using var adapter = Trained();
        using (no_grad()) adapter.Targets["unet.1"].Parts[1].Value.fill_(1e6);
        using var attachment = description.Attach(adapter);
        var error = Assert.Throws<LowrankException>(() => description.Merge());
        Assert.Contains("unet.1", error.Message, StringComparison.Ordinal);
        Assert.All(half.parameters(), p => Assert.Equal(1, p.mean().ToSingle()));
        attachment.Strength = 0;
        description.Merge();
    }

    [Fact]
    public void ALayerThatWasNotAskedIsNamed()
    {
        using var adapter = Trained();
        using var attachment = model.Attach(adapter);
        model.Components[0].Targets[0].Layer.Host!.Forward(x, model.Components[0].Targets[0].Layer);
        var error = Assert.Throws<LowrankException>(attachment.AssertUsed);
        Assert.Contains("1 of 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("unet.1", error.Message, StringComparison.Ordinal);
        network.call(x);
        attachment.AssertUsed();
    }

    [Fact]
    public void CallsOfAnEarlierAdapterDoNotCount()
    {
        using Adapter one = Trained(), other = Trained();
        using var first = model.Attach(one);
        network.call(x);
        using var second = model.Attach(other);
        first.AssertUsed();
        Assert.Throws<LowrankException>(second.AssertUsed);
    }

    [Fact]
    public void EachComponentMayHaveItsOwnStrength()
    {
        using var adapter = Trained();
        using var attachment = model.Attach(adapter);
        Assert.Contains("it has unet", Assert.Throws<LowrankException>(() => attachment.SetStrength("text_encoder", 0)).Message, StringComparison.Ordinal);
        Assert.False(network.call(x).allclose(network.Run(x)));
        attachment.SetStrength("unet", 0);
        Close.Same(network.Run(x), network.call(x));
    }

    [Fact]
    public void AnAdapterOfAnotherModelIsRefusedWithTheNearestName()
    {
        using var larger = new SequenceModel(new Linear(7, 5), new Linear(5, 3), new Linear(3, 3));
        using var adapter = AdapterFactory.Create(larger.Describe().Components[0].Targets.Select(t => t.Target), new LoraOptions(2));
        var error = Assert.Throws<LowrankException>(() => model.Attach(adapter));
        Assert.Contains("unet.2", error.Message, StringComparison.Ordinal);
        Assert.All(model.Components[0].Targets, t => Assert.Null(t.Layer.Host));
    }

    [Fact]
    public void ATakenSlotIsRefusedAndNothingStaysAttached()
    {
        var (_, second) = model.Components[0].Targets[1];
        second.Host = new Stranger();
        using var adapter = Trained();
        var error = Assert.Throws<LowrankException>(() => model.Attach(adapter));
        Assert.Contains(nameof(Stranger), error.Message, StringComparison.Ordinal);
        Assert.Null(model.Components[0].Targets[0].Layer.Host);
    }

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void AStrengthIsAFiniteNumber(double strength)
    {
        using var adapter = Trained();
        Assert.Throws<LowrankException>(() => model.Attach(adapter, strength));
        Assert.All(model.Components[0].Targets, t => Assert.Null(t.Layer.Host));
    }

    // The device without memory stands for any other than the one where the adapter was made.
    [Fact]
    public void PartsMoveToTheLayersDevice()
    {
        using var elsewhere = new SequenceModel(new Linear(7, 5, storage: new Storage(Device: new Device(DeviceType.META))));
        var description = elsewhere.Describe();
        using var adapter = AdapterFactory.Create(description.Components[0].Targets.Select(t => t.Target), new LoraOptions(2));
        using var attachment = description.Attach(adapter);
        Assert.All(adapter.Targets["unet.0"].Parts, part => Assert.Equal(DeviceType.META, part.Value.device_type));
        Assert.All(adapter.Trainable, part => Assert.Equal(DeviceType.META, part.device_type));
        using (no_grad()) Assert.Equal([2, 5], elsewhere.call(empty(2, 7, device: new Device(DeviceType.META))).shape);
    }

    sealed class Stranger : IAdapterHost
    {
        public Tensor Forward(Tensor x, IAdaptable layer) => x;
    }
}

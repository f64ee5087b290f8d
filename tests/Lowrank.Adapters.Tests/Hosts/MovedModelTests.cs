namespace Lowrank.Adapters.Tests;

/// <summary>Adapters go along when their model moves to another device; a change of dtype leaves what is trained in float32.</summary>
public class MovedModelTests
{
    static readonly Device elsewhere = new(DeviceType.META);

    public static IEnumerable<TheoryDataRow<string>> EveryMethod =>
        Methods.All.Where(m => m.Refuses(linear, m.OwnOptions(options)) is null).Select(m => new TheoryDataRow<string>(m.Name).OfMethod(m));

    static readonly Target linear = new("model.0", LayerKind.Linear, [8, 6]);
    static readonly MethodOptions options = new(2, 1);

    static SequenceModel Network()
    {
        var network = new SequenceModel(new Linear(6, 8));
        using var grad = no_grad();
        foreach (var parameter in network.parameters()) parameter.normal_();
        return network;
    }

    static Adapter Fresh(ModelDescription model, string method) =>
        AdapterFactory.Create(model, model.Components[0].Targets.Select(t => t.Target), Methods.Named(method), options);

    [Theory, MemberData(nameof(EveryMethod))]
    public void AnAttachedAdapterGoesToTheDeviceOfItsModel(string method)
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var model = network.Describe();
        using var adapter = Fresh(model, method);
        using var attachment = model.Attach(adapter);
        network.to(elsewhere);
        Assert.All(adapter.Targets.Values.SelectMany(r => r.parameters()), part => Assert.Equal(DeviceType.META, part.device_type));
        Assert.All(adapter.Targets.Values.SelectMany(r => r.buffers()), part => Assert.Equal(DeviceType.META, part.device_type));
        Assert.All(adapter.Trainable, part => Assert.Equal(DeviceType.META, part.device_type));
    }

    [Fact]
    public void AMovedModelRunsWithItsAdapter()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var model = network.Describe();
        using var adapter = Fresh(model, "lora");
        using var attachment = model.Attach(adapter);
        network.to(elsewhere);
        var answer = network.call(zeros([3, 6], device: elsewhere));
        Assert.Equal(DeviceType.META, answer.device_type);
        Assert.Equal([3, 8], answer.shape);
    }

    [Fact]
    public void TheAdapterOfASealedLayerFollowsAtTheNextCall()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(nn.Linear(6, 8));
        var model = ModelDescription.Of(network);
        using var adapter = Fresh(model, "lora");
        using var attachment = model.Attach(adapter);
        network.to(elsewhere);
        Assert.Equal(DeviceType.META, network.call(zeros([3, 6], device: elsewhere)).device_type);
        Assert.All(adapter.Trainable, part => Assert.Equal(DeviceType.META, part.device_type));
    }

    [Fact]
    public void TheAdapterOfASealedLayerThatMovedIsMergedBeforeAnyCall()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("0", nn.Linear(6, 8)));
        var model = ModelDescription.Of(network);
        using var attachment = model.Adapt("*", new LoraOptions(2));
        network.to(elsewhere);
        model.Merge();
        Assert.Equal(DeviceType.META, model.Components[0].Targets[0].Layer.Weight.Device.type);
        model.Unmerge();
    }

    [Fact]
    public void ChangingTheDtypeOfAModelLeavesItsAdapterInFloat32()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var model = network.Describe();
        using var adapter = Fresh(model, "lora");
        using var attachment = model.Attach(adapter);
        List<Tensor> parts = [.. adapter.Trainable];
        network.to(ScalarType.BFloat16);
        Assert.Equal(ScalarType.BFloat16, model.Components[0].Targets[0].Layer.Weight.Dtype);
        Assert.Equal(parts, adapter.Trainable);
        Assert.All(adapter.Trainable, part => Assert.Equal(ScalarType.Float32, part.dtype));
        Assert.Equal(ScalarType.BFloat16, network.call(zeros([3, 6], ScalarType.BFloat16)).dtype);
    }
}

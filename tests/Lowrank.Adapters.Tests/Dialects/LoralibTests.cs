namespace Lowrank.Adapters.Tests;

/// <summary>loralib's state dicts, against its own formulas.</summary>
public class LoralibTests
{
    static Adapter Read(TemporaryFolder folder, nn.Module model, params (string Key, Tensor Value)[] tensors)
    {
        Safetensors.Save(folder.File("lora.safetensors"), tensors.Select(t => KeyValuePair.Create(t.Key, t.Value)));
        return AdapterFile.Read(folder.File("lora.safetensors"), ModelDescription.Of(model));
    }

    static Tensor Delta(Adapter adapter, string path, params long[] shape) => ((AdditiveReparameterization)adapter.Targets[path]).Delta(zeros(shape));

    [Fact]
    public void ALinearLayerIsBTimesAAndTheMissingAlphaIsTold()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new LayerTree(("h.0.attn", new Linear(6, 4)));
        var (a, b) = (randn(2, 6), randn(4, 2));
        using var adapter = Read(folder, model, ("h.0.attn.lora_A", a), ("h.0.attn.lora_B", b));
        Assert.Equal("loralib", adapter.Dialect);
        Assert.Contains(adapter.Notes, note => note.Contains("alpha", StringComparison.Ordinal));
        Close.Equal(b.mm(a), Delta(adapter, "model.h.0.attn", 4, 6));
    }

    [Theory, InlineData(3), InlineData(2)]
    public void SlicesOfAMergedLayerHaveTheirOwnFactors(int on)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new LayerTree(("c_attn", new Linear(5, 12)));
        var (a, b) = (randn(2 * on, 5), randn(4 * on, 2));
        using var adapter = Read(folder, model, ("c_attn.lora_A", a), ("c_attn.lora_B", b));
        var slices = Enumerable.Range(0, on).Select(i => b.narrow(0, 4 * i, 4).mm(a.narrow(0, 2 * i, 2))).ToList();
        var wanted = on == 3 ? cat([.. slices], 0) : cat([slices[0], zeros(4, 5), slices[1]], 0);
        Close.Equal(wanted, Delta(adapter, "model.c_attn", 12, 5));
        Assert.Equal(on == 2, adapter.Notes.Any(note => note.Contains("slices", StringComparison.Ordinal)));
    }

    [Fact]
    public void OneSliceOfThreeIsAnErrorThatSaysSo()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new LayerTree(("c_attn", new Linear(5, 12)), ("other", new Linear(5, 4)));
        var error = Assert.Throws<LowrankException>(() => Read(folder, model, ("c_attn.lora_A", randn(2, 5)), ("c_attn.lora_B", randn(4, 2))));
        Assert.Contains("c_attn", error.Message);
    }

    [Fact]
    public void AConvolutionIsTheProductInTheWeightsShape()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = new LayerTree(("conv", new Conv2d(5, 4, 3)));
        var (a, b) = (randn(2 * 3, 5 * 3), randn(4 * 3, 2 * 3));
        using var adapter = Read(folder, model, ("conv.lora_A", a), ("conv.lora_B", b));
        Close.Equal(b.mm(a).reshape(4, 45), Delta(adapter, "model.conv", 4, 45));
    }

    [Theory, InlineData(2, 12), InlineData(3, 12)]
    public void InspectingTellsAFusedLayersOutputs(int on, long outputs)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var layer = Inspected(folder, ("c_attn.lora_A", randn(2 * on, 5)), ("c_attn.lora_B", randn(4 * on, 2)));
        Assert.Equal((outputs, 5L, 2L * on), (layer.Out, layer.In, layer.Rank));
    }

    [Fact]
    public void InspectingTellsAConvolutionByTheBiasInsideOfIt()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var layer = Inspected(
            folder, ("body.lora_A", randn(2 * 3, 5 * 3)), ("body.lora_B", randn(4 * 3, 2 * 3)), ("body.conv.bias", randn(4)));
        Assert.Equal((4L, 5L), (layer.Out, layer.In));
        Assert.Equal([3, 3], layer.Kernel);
    }

    static AdapterModule Inspected(TemporaryFolder folder, params (string Key, Tensor Value)[] tensors)
    {
        Safetensors.Save(folder.File("lora.safetensors"), tensors.Select(t => KeyValuePair.Create(t.Key, t.Value)));
        using var file = Safetensors.Open(folder.File("lora.safetensors"));
        return Assert.Single(AdapterInspection.Inspect(file).Modules);
    }
}

namespace Lowrank.Training.Tests;

/// <summary>What a run writes of an adapter.</summary>
public sealed class AdapterSavingTests : IDisposable
{
    static readonly ModelSpec spec = new() { Family = new ModelFamily("own"), Title = "mine", Resolution = (32, 32), Date = DateTime.UnixEpoch };

    readonly TemporaryFolder folder = new();
    readonly nn.Module module = nn.Sequential(("first", new Lowrank.Torch.Layers.Linear(6, 5)), ("last", new Lowrank.Torch.Layers.Linear(5, 3)));

    [Fact]
    public void TheFileOfAModelOfOnesOwnTellsItsLayersAndHasHashesAndModelspec()
    {
        var model = ModelDescription.Of(module);
        using var adapter = Adapt(model);
        string path = AdapterSaving.Save(folder["a.safetensors"], adapter, model, ScalarType.Float16, new Dictionary<string, string> { ["ss_seed"] = "7" }, spec);
        using var file = AdapterFile.Open(path);
        Assert.Contains("\"first\"", file.Metadata["lowrank_layers"]);
        Assert.Equal(("7", "mine"), (file.Metadata["ss_seed"], file.Metadata["modelspec.title"]));
        Assert.Contains("sshs_model_hash", file.Metadata.Keys);
    }

    [Fact]
    public void ValuesThatAreNotFiniteInItsDtypeAreRefusedAndNothingIsWritten()
    {
        var model = ModelDescription.Of(module);
        using var adapter = Adapt(model);
        using (no_grad())
            foreach (var parameter in adapter.Trainable) parameter.fill_(1e6);
        var fault = Assert.Throws<SpoiltAdapterException>(
            () => AdapterSaving.Save(folder["a.safetensors"], adapter, model, ScalarType.Float16, new Dictionary<string, string>(), spec));
        Assert.Contains("not finite", fault.Message);
        Assert.False(File.Exists(folder["a.safetensors"]));
    }

    static Adapter Adapt(ModelDescription model) =>
        AdapterFactory.Create(model, [.. model.Components[0].Targets.Select(t => t.Target)], Lora.Descriptor, new LoraOptions(2, 3));

    public void Dispose()
    {
        module.Dispose();
        folder.Dispose();
    }
}

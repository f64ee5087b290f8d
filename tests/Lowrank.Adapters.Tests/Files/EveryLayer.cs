namespace Lowrank.Adapters.Tests;

/// <summary>A model that holds one layer of every kind, in a unet and a text encoder; the unet has a second spelling.</summary>
public sealed class EveryLayer : IDisposable
{
    public EveryLayer(string family)
    {
        SequenceModel Component() => Filled(new([.. LayerCase.All.Select(l => l.Make(Storage.Default))]));
        Description = new ModelDescription(family, [
            new ModelComponent("unet", Component(), new Dictionary<string, KeyMap> { ["ldm"] = new(("{}", "blocks.{}.op")) }),
            new ModelComponent("text_encoder", Component(), new Dictionary<string, KeyMap>()),
        ]);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var generator = new Generator(9);
        foreach (var parameter in Description.Components.SelectMany(c => c.Module.parameters())) parameter.copy_(randn(parameter.shape, generator: generator));
    }

    public ModelDescription Description { get; }

    // Methods that take the weight apart want one of finite values.
    static SequenceModel Filled(SequenceModel model)
    {
        var generator = new Generator(5);
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var parameter in model.parameters()) parameter.copy_(randn(parameter.shape, generator: generator));
        return model;
    }

    /// <summary>An adapter of random parts over every layer that the method fits.</summary>
    public Adapter Trained(string variantName)
    {
        var generator = new Generator(11);
        var variant = MethodVariant.All.First(v => v.Name == variantName);
        var targets = Description.Components.SelectMany(c => c.Targets).Select(t => t.Target).Where(variant.Fits);
        var adapter = AdapterFactory.Create(Description, targets, variant.Method, variant.Options, generator);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator));
        return adapter;
    }

    public void Dispose()
    {
        foreach (var component in Description.Components) component.Module.Dispose();
    }
}

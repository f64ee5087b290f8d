namespace Lowrank.Adapters.Tests;

/// <summary>Layers called one after another, under the names 0, 1, ...</summary>
public sealed class SequenceModel : Layer
{
    readonly IReadOnlyList<nn.Module<Tensor, Tensor>> layers;

    public SequenceModel(params IReadOnlyList<nn.Module<Tensor, Tensor>> layers) : base(nameof(SequenceModel))
    {
        this.layers = layers;
        for (int i = 0; i < layers.Count; i++) register_module($"{i}", layers[i]);
        FillFresh();
    }

    // A fresh layer of ours holds whatever lay in its memory, which may be no number.
    void FillFresh()
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in layers.Where(layer => layer is AdaptableLayer).SelectMany(layer => layer.parameters()))
            if (parameter.device_type != DeviceType.META && !(parameter.detach().abs().max().ToDouble() < 1e3)) nn.init.uniform_(parameter);
    }

    /// <summary>The answer of the bases alone.</summary>
    public Tensor Run(Tensor x) => layers.Aggregate(x, (y, layer) => ((IAdaptable)layer).Run(y));

    protected override Tensor Compute(Tensor x) => layers.Aggregate(x, (y, layer) => layer.call(y));

    /// <summary>This as the one component of a model.</summary>
    public ModelDescription Describe(string component = "unet", string family = "sd1") =>
        StableDiffusionComponents.Describe(family, [(component, this)]);
}

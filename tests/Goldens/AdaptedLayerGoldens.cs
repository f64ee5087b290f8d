using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>One layer of the adapter goldens with an adapter on it: what the peers' answers are compared with.</summary>
sealed class AdaptedLayerGoldens(GoldenCase golden, AdaptableLayer layer, Reparameterization reparameterization) : IDisposable
{
    /// <summary>A layer of given weights, by what it does and how it walks.</summary>
    public static AdaptableLayer Layer(
        LayerKind kind, Tensor weight, Tensor? bias, long stride = 1, long padding = 0, long dilation = 1, long groups = 1)
    {
        long[] shape = weight.shape;
        AdaptableLayer layer = kind switch
        {
            LayerKind.Linear => new Linear(shape[1], shape[0], bias is not null),
            LayerKind.TransposedLinear => new Conv1D(shape[0], shape[1]),
            LayerKind.Embedding => new Embedding(shape[0], shape[1]),
            LayerKind.Norm => new LayerNorm(shape[0]),
            LayerKind.Conv1d => new Conv1d(shape[1] * groups, shape[0], shape[2], stride, padding, dilation, groups, bias is not null),
            LayerKind.Conv2d => new Conv2d(shape[1] * groups, shape[0], shape[2], stride, padding, dilation, groups, bias is not null),
            LayerKind.Conv3d => new Conv3d(shape[1] * groups, shape[0], shape[2], stride, padding, dilation, groups, bias is not null),
            _ => throw Golden.NotCovered($"no layer of kind {kind}"),
        };
        layer.Weight.Replace(weight).Dispose();
        using (no_grad())
            if (bias is not null) layer.Bias!.copy_(bias);
        return layer;
    }

    /// <summary>The weight as the layer stores it, less its own.</summary>
    public Tensor Delta(double strength)
    {
        var target = reparameterization.Target;
        return target.FromMatrix(reparameterization.Apply(target.ToMatrix(layer.Weight.Dense()), strength)) - layer.Weight.Dense();
    }

    /// <summary>The layer's answer with the adapter attached.</summary>
    public Tensor Answer(Tensor x, double strength)
    {
        var host = AdaptedLayer.In(layer);
        var entry = host.Add(reparameterization, strength);
        try { return layer.call(x); }
        finally { host.Remove(entry); }
    }

    /// <summary>The weight with the adapter merged into it; the layer has its own again afterwards.</summary>
    public Tensor Merged(double strength)
    {
        var host = AdaptedLayer.In(layer);
        var entry = host.Add(reparameterization, strength);
        using var scratch = new Scratch();
        host.Merge(scratch);
        var merged = layer.Weight.Dense().clone();
        host.Unmerge();
        host.Remove(entry);
        return merged;
    }

    /// <summary>The bias with the adapter merged into it; the layer has its own again afterwards.</summary>
    public Tensor MergedBias(double strength)
    {
        var host = AdaptedLayer.In(layer);
        var entry = host.Add(reparameterization, strength);
        using var scratch = new Scratch();
        host.Merge(scratch);
        var merged = layer.Bias!.clone();
        host.Unmerge();
        host.Remove(entry);
        return merged;
    }

    /// <summary>Gradients of sum(y·g) at strength 1, while training unless said otherwise: of x, where it has one, and of every part by name.</summary>
    public IReadOnlyDictionary<string, Tensor> Gradients(Tensor x, Tensor upstream, bool training = true)
    {
        reparameterization.train(training && reparameterization is not Dylora);   // which draws its ranks while training: the goldens name them
        var input = x.is_floating_point() ? x.detach().requires_grad_() : x;
        (Answer(input, 1) * upstream).sum().backward();
        Backward.Rethrow();
        // By part, which is the name of the parameter, or of the module that holds it for several.
        var gradients = reparameterization.named_parameters().Where(p => p.parameter.requires_grad)
            .ToDictionary(p => p.name.Split('.').Last(piece => piece != "value"), p => p.parameter.grad!);
        if (input.requires_grad) gradients["x"] = input.grad!;
        Assert.All(layer.parameters(), p => Assert.True(p.grad is null, $"{golden.Name}: the base got a gradient"));
        return gradients;
    }

    public void Dispose()
    {
        reparameterization.Dispose();
        layer.Dispose();
    }
}

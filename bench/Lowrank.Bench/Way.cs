namespace Lowrank.Bench;

/// <summary>One way to adapt a model for a training step.</summary>
sealed class Way : IDisposable
{
    public const string Ours = "lowrank", Peft = "peft", PeftAutocast = "peft autocast";

    readonly BenchModel model;
    readonly List<(IAdaptable Layer, IAdapterHost Host)> hosts = [];
    readonly AdamW optimizer;

    public Way(BenchModel model, string name)
    {
        this.model = model;
        using var grad = no_grad();
        var trained = new List<Tensor>();
        foreach (var (target, layer) in model.Targets)
        {
            var lora = (Lora)Lora.Descriptor.Create(target, new LoraOptions(8, 8), new Initialization());
            Tensor[] factors = [.. lora.Trainable];   // down, up
            factors[1].normal_(0, 0.02);              // trained for a while: from zero, A would get no gradient
            trained.AddRange(factors);
            if (name == Ours)
            {
                layer.Host = null;
                var host = AdaptedLayer.In(layer);
                host.Add(lora, 1);
                layer.Host = null;
                hosts.Add((layer, host));
            }
            else hosts.Add((layer, new PeftHost(factors[0], factors[1], 1, name == PeftAutocast)));
        }
        optimizer = new AdamW([new ParameterGroup(trained, 1e-4)]);
    }

    public static IEnumerable<string> All(ScalarType dtype) => dtype == ScalarType.BFloat16 ? [Ours, Peft, PeftAutocast] : [Ours, Peft];

    /// <summary>Forward, mean square, backward, AdamW.</summary>
    public void Step()
    {
        foreach (var (layer, host) in hosts) layer.Host = host;
        using (NewDisposeScope())
        {
            optimizer.ZeroGrad();
            model.Call(model.Input).to(ScalarType.Float32).square().mean().backward();
            Backward.Rethrow();
            optimizer.Step();
        }
        foreach (var (layer, _) in hosts) layer.Host = null;
    }

    public void Dispose() => optimizer.Dispose();
}

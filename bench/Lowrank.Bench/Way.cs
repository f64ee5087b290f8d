namespace Lowrank.Bench;

/// <summary>One way to adapt a model for a training step.</summary>
sealed class Way : IDisposable
{
    public const string Ours = "lowrank", Peft = "PEFT", PeftAutocast = "PEFT, autocast";

    readonly BenchModel model;
    readonly List<(IAdaptable Layer, IAdapterHost Host)> hosts = [];
    readonly FusedAdamW optimizer;
    readonly bool isOurs;

    /// <summary>Numbers that are trained.</summary>
    public long Trained { get; }

    /// <summary>LoRA in our way or PEFT's.</summary>
    public Way(BenchModel model, string name) : this(model, BenchMethod.All[0], name) { }

    /// <summary>A method in our way.</summary>
    public Way(BenchModel model, BenchMethod method) : this(model, method, Ours) { }

    Way(BenchModel model, BenchMethod method, string name)
    {
        this.model = model;
        isOurs = name == Ours;
        using var grad = no_grad();
        var trained = new List<Tensor>();
        foreach (var (target, layer) in model.Targets)
        {
            var made = method.Create(target, layer);
            Tensor[] parts = [.. made.Trainable];
            // Trained for a while: from zero, a factor's other factor would get no gradient.
            foreach (var part in parts)
                if (part.abs().max().ToDouble() == 0) part.normal_(0, 0.02);
            trained.AddRange(parts);
            if (name == Ours)
            {
                layer.Host = null;
                var host = AdaptedLayer.In(layer);
                host.Add(made, 1);
                layer.Host = null;
                hosts.Add((layer, host));
            }
            else hosts.Add((layer, new PeftHost(parts[0], parts[1], 1, name == PeftAutocast)));
        }
        Trained = trained.Sum(t => t.numel());
        optimizer = new FusedAdamW([new ParameterGroup(trained, 1e-4)]);
    }

    public static IEnumerable<string> All(ScalarType dtype) => dtype == ScalarType.BFloat16 ? [Ours, Peft, PeftAutocast] : [Ours, Peft];

    /// <summary>Forward, mean square, backward, AdamW.</summary>
    public void Step()
    {
        foreach (var (layer, host) in hosts) layer.Host = host;
        using (isOurs ? default : OwnRoads.Close())   // PEFT's users have libtorch's kernels
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

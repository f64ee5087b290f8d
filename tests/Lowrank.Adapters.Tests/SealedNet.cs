namespace Lowrank.Adapters.Tests;

/// <summary>A model around one module, in float64, with an adapter over all of it.</summary>
sealed class SealedNet : IDisposable
{
    readonly HeldNet holder;

    public SealedNet(SealedCase of, MethodOptions? options = null, string method = "lora")
    {
        Inner = of.Make();
        Inner.to(ScalarType.Float64);
        holder = new(("inner", Inner));
        Model = ModelDescription.Of(holder);
        Attachment = Model.Adapt("*", options ?? new LoraOptions(2, 3), Methods.Named(method));
        var generator = new Generator(TestSeeds.Of(5));
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var part in Attachment.Adapter.Trainable) part.copy_(randn(part.shape, generator: generator) * 0.4);
    }

    public nn.Module Inner { get; }

    public ModelDescription Model { get; }

    public Attachment Attachment { get; }

    /// <summary>up · down · alpha/rank of a target, in float64 and the parameter's shape.</summary>
    public (Tensor Up, Tensor Down, double Scale) Factors(string path)
    {
        var parts = Attachment.Adapter.Targets[path].Parts.ToDictionary(part => part.Part, part => part.Value);
        var (up, down) = (parts["up"].detach().to(ScalarType.Float64), parts["down"].detach().to(ScalarType.Float64));
        return (up, down, parts["alpha"].ToDouble() / down.shape[0]);
    }

    /// <summary>A module of the same weights, plus what the adapter adds to them.</summary>
    public nn.Module Copy(SealedCase of, double strength)
    {
        var copy = of.Make();
        copy.to(ScalarType.Float64);
        copy.train(Inner.training);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var ((name, own), (_, theirs)) in Inner.named_parameters().Zip(copy.named_parameters()))
        {
            theirs.copy_(own);
            if (Model.Components[0].Targets.FirstOrDefault(t => ((SealedWeight)t.Layer).WeightName == name).Target is not { } target) continue;
            var (up, down, scale) = Factors(target.Path);
            var change = target.Kind == LayerKind.Embedding ? up.mm(down).t() : up.mm(down).reshape(theirs.shape);
            theirs.add_(change * (scale * strength));
        }
        return copy;
    }

    public void Dispose()
    {
        Attachment.Dispose();
        holder.Dispose();
    }
}

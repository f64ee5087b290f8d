namespace Lowrank.Models;

/// <summary>x + attention(norm x) + mlp(norm x): both branches read the same state.</summary>
sealed class ParallelLayer : Layer<Tensor, Pass>
{
    readonly Layer norm1;
    readonly Layer? norm2;
    readonly Layer<Tensor, Pass> attention;
    readonly Func<Tensor, Pass, Tensor> mlp;

    /// <param name="name">Its published class.</param>
    /// <param name="names">What its modules are called.</param>
    /// <param name="norm1">The norm before attention.</param>
    /// <param name="attention">Attention.</param>
    /// <param name="norm2">The norm before the feed-forward part; null where it reads what attention reads.</param>
    /// <param name="mlp">The feed-forward part.</param>
    public ParallelLayer(string name, LayerNames names, Layer norm1, Layer<Tensor, Pass> attention, Layer? norm2, nn.Module mlp)
        : base(name)
    {
        (this.norm1, this.attention, this.norm2) = (norm1, attention, norm2);
        this.mlp = Residual.Branch(mlp);
        register_module(names.Norm1, norm1);
        register_module(names.Attention, attention);
        if (norm2 is not null) register_module(names.Norm2, norm2);
        register_module(names.Mlp, mlp);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    protected override Tensor Compute(Tensor x, Pass pass)
    {
        var normed = norm1.call(x);
        return x + attention.call(normed, pass) + mlp(norm2 is null ? normed : norm2.call(x), pass);
    }
}

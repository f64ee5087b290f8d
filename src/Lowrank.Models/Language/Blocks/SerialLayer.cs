namespace Lowrank.Models;

/// <summary>x + attention(norm x), then x + mlp(norm x).</summary>
sealed class SerialLayer : Layer<Tensor, Pass>, ITokenLayer
{
    readonly Layer norm1, norm2;
    readonly Layer<Tensor, Pass> attention;
    readonly Func<Tensor, Pass, Tensor> mlp;
    readonly double residual;
    readonly (RmsNorm, SelfAttention, RmsNorm, GatedMlp)? ofRows;   // the parts, where each has a way for few tokens

    /// <param name="name">Its published class.</param>
    /// <param name="names">What its modules are called.</param>
    /// <param name="norm1">The norm before attention.</param>
    /// <param name="attention">Attention.</param>
    /// <param name="norm2">The norm before the feed-forward part.</param>
    /// <param name="mlp">The feed-forward part, which may ask for the pass.</param>
    /// <param name="residual">By what both are multiplied before they are added.</param>
    public SerialLayer(
        string name, LayerNames names, Layer norm1, Layer<Tensor, Pass> attention, Layer norm2, nn.Module mlp, double residual = 1)
        : base(name)
    {
        (this.norm1, this.attention, this.norm2, this.residual) = (norm1, attention, norm2, residual);
        this.mlp = Residual.Branch(mlp);
        if (norm1 is RmsNorm first && attention is SelfAttention own && norm2 is RmsNorm second && mlp is GatedMlp gated && residual == 1)
            ofRows = (first, own, second, gated);
        register_module(names.Norm1, norm1);
        register_module(names.Attention, attention);
        register_module(names.Norm2, norm2);
        register_module(names.Mlp, mlp);
    }

    // Its parts are registered under their published names, which are not those of fields.
    protected override void RegisterComponents() { }

    /// <inheritdoc/>
    public bool TakesRows(Pass pass) =>
        ofRows is var (_, attention, _, mlp) && attention.TakesRows(pass) && mlp.TakesRows && TokenRows.MayPass(this);

    /// <inheritdoc/>
    public void Run(TokenRows x, Pass pass)
    {
        var (norm1, attention, norm2, mlp) = ofRows!.Value;
        using TokenRows normed = new(x.Count, x.Width), branch = new(x.Count, x.Width);
        norm1.Run(x, normed, pass.Dtype);
        attention.Run(normed, branch, pass);
        x.Add(branch);
        norm2.Run(x, normed, pass.Dtype);
        mlp.Run(normed, branch, pass.Dtype);
        x.Add(branch);
    }

    protected override Tensor Compute(Tensor x, Pass pass)
    {
        var h = Residual.Sum(x, attention.call(norm1.call(x), pass), residual);
        return Residual.Sum(h, mlp(norm2.call(h), pass), residual);
    }
}

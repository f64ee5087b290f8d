namespace Lowrank.Torch;

sealed class CayleyFunction : autograd.SingleTensorFunction<CayleyFunction>
{
    public override string Name => nameof(CayleyFunction);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var rotation = CayleyTransform.Compute((Tensor)vars[0]);
        var held = new Held(rotation);
        Backward.Save(ctx, vars, held, held);
        return scope.MoveToOuter(rotation);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => Backward.Run(ctx, gradient, g =>
    {
        var held = Backward.Saved<Held>(ctx);
        using var grad = no_grad();
        var sum = (held[0] + eye(g.shape[^1], dtype: g.dtype, device: g.device)).transpose(-1, -2);
        held.Free();
        return [sum.matmul(g).matmul(sum) * 0.5];
    });
}

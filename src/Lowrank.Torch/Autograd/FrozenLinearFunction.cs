namespace Lowrank.Torch;

sealed class FrozenLinearFunction : autograd.SingleTensorFunction<FrozenLinearFunction>
{
    public override string Name => nameof(FrozenLinearFunction);

    sealed record Saved(Func<Func<Tensor, Tensor>, Tensor> Use, long[] InputShape, ScalarType? TrainedBias);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, use, bias) = ((Tensor)vars[0], (Func<Func<Tensor, Tensor>, Tensor>)vars[1], vars[2] as Tensor);
        Backward.Save(ctx, vars, new Saved(use, x.shape, bias is { requires_grad: true } trained ? trained.dtype : null));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(FrozenLinear.Compute(x, use, bias));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => Backward.Run(ctx, gradient, g =>
    {
        var saved = Backward.Saved<Saved>(ctx);
        var rows = g.reshape(-1, g.shape[^1]);   // (T, out)
        var ofBias = saved.TrainedBias is { } dtype ? rows.sum(dim: 0).to(dtype) : null;
        return [saved.Use(weight => LinearProduct.Back(rows, weight)).view(saved.InputShape), null, ofBias];
    });
}

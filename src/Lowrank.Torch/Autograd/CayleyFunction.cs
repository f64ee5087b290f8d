namespace Lowrank.Torch;

sealed class CayleyFunction : autograd.SingleTensorFunction<CayleyFunction>
{
    public override string Name => nameof(CayleyFunction);

    sealed record Saved(Held Rotation, bool OfDifference);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        bool ofDifference = (bool)vars[1];
        var rotation = CayleyTransform.Compute((Tensor)vars[0], ofDifference);
        var held = new Held(rotation);
        Backward.Save(ctx, vars, new Saved(held, ofDifference), held);
        return scope.MoveToOuter(rotation);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => Backward.Run(ctx, gradient, g =>
    {
        var (held, ofDifference) = Backward.Saved<Saved>(ctx);
        using var grad = no_grad();
        var gradientOfX = CayleyTransform.Gradient(held[0], g, ofDifference);
        held.Free();
        return [gradientOfX, null];
    });
}

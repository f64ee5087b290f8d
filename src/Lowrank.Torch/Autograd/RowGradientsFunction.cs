namespace Lowrank.Torch;

sealed class RowGradientsFunction : autograd.SingleTensorFunction<RowGradientsFunction>
{
    public override string Name => nameof(RowGradientsFunction);

    /// <summary>What is known already.</summary>
    internal sealed record Given(Tensor Values, Tensor Slopes);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var given = (Given)vars[1];
        var held = new Held(given.Slopes);
        Backward.Save(ctx, vars, held, held);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(given.Values.clone());
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => Backward.Run(ctx, gradient, g =>
    {
        var held = Backward.Saved<Held>(ctx);
        var slopes = held[0];   // (N, C)
        var back = g.to(slopes.dtype).unsqueeze(1) * slopes;
        held.Free();
        return [back, null];
    });
}

namespace Lowrank.Torch;

sealed class LoraLinearFunction : autograd.SingleTensorFunction<LoraLinearFunction>
{
    public override string Name => nameof(LoraLinearFunction);

    sealed record Saved(
        Held Tensors, double Scale, bool InputNeedsGradient, bool UpNeedsGradient, long[] InputShape, ScalarType Masters);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], vars[2] as Tensor);
        var (down, up, scale) = ((Tensor)vars[3], (Tensor)vars[4], (double)vars[5]);
        using var scope = NewDisposeScope();
        var (a, b) = (LoraLinear.Scaled(down, scale, x.dtype), up.to(x.dtype));
        var (y, low) = LoraLinear.Compute(x, weight, bias, a, b);
        var held = new Held(down.requires_grad ? x : null, weight, a, b, low);
        Backward.Save(ctx, vars, new Saved(held, scale, x.requires_grad, up.requires_grad, x.shape, down.dtype), held);
        return scope.MoveToOuter(y);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => Backward.Run(ctx, gradient, gradientOut =>
    {
        var saved = Backward.Saved<Saved>(ctx);
        var held = saved.Tensors;
        var (weight, down, up, low) = (held[1], held[2], held[3], held[4]);   // down is s·A, and low has its scale
        long outputs = weight.shape[0], inputs = saved.InputShape[^1];
        var g = gradientOut.reshape(-1, outputs);                                      // (T, out)
        long activations = low.numel();
        Tensor gUp;
        Tensor? dUp = null, dDown = null, dx = null;
        // Of the equal ways to write each thin product, the fastest on a CPU: in float32 the plain gᵀ·low is up to six times slower, and
        // g·B twice; in bfloat16 a copy of Bᵀ would cost more than it saves.
        using (OwnThread.For(activations * outputs))
        {
            gUp = g.dtype == ScalarType.Float32 ? nn.functional.linear(g, up.t().contiguous()) : g.mm(up);   // (T, rank): g B
            if (saved.UpNeedsGradient) dUp = low.t().mm(g).t().to(saved.Masters);   // (out, rank)
        }
        using (OwnThread.For(activations * inputs))
            if (held.Has(0)) dDown = gUp.t().mm(held[0].reshape(-1, inputs)).to(saved.Masters);   // (rank, in), without s
        if (dDown is not null && saved.Scale != 1) dDown.mul_(saved.Scale);
        if (saved.InputNeedsGradient)
        {
            dx = LinearProduct.Back(g, weight);
            using (OwnThread.For(activations * inputs)) dx.addmm_(gUp, down, 1, 1);
            dx = dx.view(saved.InputShape);
        }
        held.Free();
        return [dx, null, null, dDown, dUp, null];
    });
}

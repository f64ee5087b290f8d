namespace Lowrank.Torch;

/// <summary>Attention by <see cref="AttentionScript"/>; only q, k, v and the mask are kept.</summary>
sealed class AttentionFunction : autograd.SingleTensorFunction<AttentionFunction>
{
    public override string Name => nameof(AttentionFunction);

    sealed record Saved(Held Tensors, AttentionPlan Plan);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (q, k, v, mask, plan) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], vars[3] as Tensor, (AttentionPlan)vars[4]);
        var held = new Held(q, k, v, mask).Watching(3);
        Backward.Save(ctx, vars, new Saved(held, plan), held);
        return AttentionScript.Forward(q, k, v, mask, plan);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => Backward.Run(ctx, gradient, g =>
    {
        using var grad = no_grad();
        var (held, plan) = Backward.Saved<Saved>(ctx);
        var gradients = AttentionScript.Backward(held[0], held[1], held[2], g, held.Find(3), plan);
        held.Free();
        return [.. gradients, null, null];
    });
}

namespace Lowrank.Torch;

sealed class FactoredLinearFunction : autograd.SingleTensorFunction<FactoredLinearFunction>
{
    const int Others = 4;   // arguments before the leaves

    public override string Name => nameof(FactoredLinearFunction);

    sealed record Saved(
        LinearFactors Factors, Held Tensors, Held Leaves, int Count, bool InputNeedsGradient, long[] InputShape, long Version)
    {
        public Tensor[] Values => [.. Enumerable.Range(0, Count).Select(i => Leaves[i])];
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (factors, x, weight, bias) = ((LinearFactors)vars[0], (Tensor)vars[1], (Tensor)vars[2], vars[3] as Tensor);
        Tensor[] leaves = [.. vars.Skip(Others).Cast<Tensor>()];
        using var scope = NewDisposeScope();
        var y = factors.Answer(x, weight, bias, leaves);
        var kept = factors.KeepsAnswer ? y : null;
        var (held, heldLeaves) = (new Held(x, weight, bias, kept).Watching(1), new Held(leaves));
        var saved = new Saved(factors, held, heldLeaves, leaves.Length, x.requires_grad, x.shape, kept?.Version() ?? 0);
        Backward.Save(ctx, vars, saved, held, heldLeaves);
        return scope.MoveToOuter(y);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient)
    {
        var saved = Backward.Saved<Saved>(ctx);
        return Backward.Run(ctx, gradient, gradientOut =>
        {
            var held = saved.Tensors;
            using var grad = no_grad();
            var (x, g) = (held[0].reshape(-1, saved.InputShape[^1]), gradientOut.reshape(-1, gradientOut.shape[^1]));
            var pass = new LinearPass(x, g, () => Answer(saved, x), turnedBack => InputGradient(saved, g, turnedBack));
            var leaves = saved.Factors.Gradients(pass, saved.Values);
            var dx = saved.InputNeedsGradient ? pass.InputGradient.view(saved.InputShape) : null;
            held.Free();
            saved.Leaves.Free();
            return [null, dx, null, null, .. leaves];
        });
    }

    static Tensor InputGradient(Saved saved, Tensor g, Tensor? turnedBack)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(saved.Factors.InputGradient(g, turnedBack, saved.Tensors[1], saved.Values));
    }

    static (Tensor Rows, Tensor? Bias) Answer(Saved saved, Tensor x)
    {
        var held = saved.Tensors;
        if (!held.Has(3) || held[3].Version() != saved.Version) return (saved.Factors.Answer(x, held[1], null, saved.Values), null);
        return (held[3].reshape(x.shape[0], -1), held.Find(2));
    }
}

namespace Lowrank.Torch;

sealed class ScaledLinearFunction : autograd.SingleTensorFunction<ScaledLinearFunction>
{
    public override string Name => nameof(ScaledLinearFunction);

    // Where the arguments stand, and where they are held for the way back.
    const int Input = 0, Weight = 1, Bias = 2, Down = 3, Up = 4, Scale = 5, Rows = 6, Columns = 7;

    // What is held besides: the rank-sized product in the scale's place, and the answer behind all.
    const int Low = 5, Answer = 8;

    // The smallest r, against the largest, by which an answer is divided.
    const double SmallestDivisor = 1e-3;

    sealed record Saved(
        Held Tensors, double Scale, bool InputNeedsGradient, bool RowsNeedGradient, bool ColumnsNeedGradient,
        long[] InputShape, long Version);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor? Given(int argument) => vars[argument] as Tensor;
        var (x, weight, scale) = ((Tensor)vars[Input], (Tensor)vars[Weight], (double)vars[Scale]);
        var (bias, down, up) = (Given(Bias), Given(Down), Given(Up));
        var (rows, columns) = (Given(Rows), Given(Columns));
        using var scope = NewDisposeScope();
        var (y, low) = ScaledLinear.Compute(x, weight, bias, down, up, scale, rows, columns);
        bool rowsNeed = rows?.requires_grad == true, columnsNeed = columns?.requires_grad == true;
        var held = new Held(x, weight, bias, down, up, low, rows, columns, rowsNeed ? y : null);
        long version = rowsNeed ? y.Version() : 0;
        Backward.Save(ctx, vars, new Saved(held, scale, x.requires_grad, rowsNeed, columnsNeed, x.shape, version), held);
        return scope.MoveToOuter(y);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => Backward.Run(ctx, gradient, gradientOut =>
    {
        var saved = Backward.Saved<Saved>(ctx);
        var held = saved.Tensors;
        var (x, weight) = (held[Input].reshape(-1, saved.InputShape[^1]), held[Weight]);
        var (down, up, rows, columns) = (held.Find(Down), held.Find(Up), held.Find(Rows), held.Find(Columns));
        var g = gradientOut.reshape(-1, weight.shape[0]);
        var dRows = saved.RowsNeedGradient ? RowsGradient(saved, x, weight, g) : null;

        Tensor? gUp = null, dUp = null, dDown = null;
        if (down is not null)
        {
            using var block = OwnThread.For(held[Low].numel() * Math.Max(x.shape[1], g.shape[1]));
            var b = ScaledLinear.Scaled(up!, rows, null).to(g.dtype);
            var gB = g.dtype == ScalarType.Float32 ? nn.functional.linear(g, b.t().contiguous()) : g.mm(b);   // forms as in LoraLinear
            gUp = gB * saved.Scale;
            dUp = ScaledLinear.Scaled((held[Low] * saved.Scale).t().mm(g).t().to(ScalarType.Float32), rows, null);
            dDown = ScaledLinear.Scaled(gUp.t().mm(x).to(ScalarType.Float32), null, columns);
        }
        bool asked = saved.InputNeedsGradient || saved.ColumnsNeedGradient;
        var (dx, dColumns) = asked ? InputGradients(saved, x, weight, g, gUp) : (null, null);
        held.Free();
        return [saved.InputNeedsGradient ? dx!.view(saved.InputShape) : null, null, null, dDown, dUp, null, dRows, dColumns];
    });

    static (Tensor Input, Tensor? Columns) InputGradients(Saved saved, Tensor x, Tensor weight, Tensor g, Tensor? gUp)
    {
        using var scope = NewDisposeScope();
        var held = saved.Tensors;
        var (rows, columns) = (held.Find(Rows), held.Find(Columns));
        long tokens = g.shape[0];
        bool rowsOfWeight = tokens > weight.shape[1], columnsOfWeight = !saved.ColumnsNeedGradient && tokens > weight.shape[0];
        var scaled = rows is null || rowsOfWeight ? g : g * rows.reshape(-1).to(g.dtype);
        var dx = LinearProduct.Back(scaled, ScaledLinear.Scaled(weight, rowsOfWeight ? rows : null, columnsOfWeight ? columns : null));
        if (gUp is not null)
            using (OwnThread.For(gUp.numel() * dx.shape[1]))
                dx.addmm_(gUp, ScaledLinear.Scaled(held[Down], null, columnsOfWeight ? columns : null).to(g.dtype), 1, 1);
        var dColumns = saved.ColumnsNeedGradient ? scope.MoveToOuter(Summed(x, dx).view(columns!.shape)) : null;
        if (columns is not null && !columnsOfWeight) dx.mul_(columns.reshape(-1).to(dx.dtype));
        return (scope.MoveToOuter(dx), dColumns);
    }

    static Tensor RowsGradient(Saved saved, Tensor x, Tensor weight, Tensor g)
    {
        using var scope = NewDisposeScope();
        var (held, y) = (saved.Tensors, saved.Tensors[Answer]);
        var rows = held[Rows].reshape(-1);
        bool divisible = rows.abs().min().ToDouble() > SmallestDivisor * rows.abs().max().ToDouble();
        bool kept = divisible && y.Version() == saved.Version;
        var sum = kept ? Summed(g, Unbiased(y.reshape(g.shape), held)) / rows : Summed(g, Unscaled(saved, x, weight));
        return scope.MoveToOuter(sum.view(held[Rows].shape));
    }

    static Tensor Unbiased(Tensor y, Held held) => held.Find(Bias) is { } bias ? y - bias : y;

    // The answer without r and b, computed again.
    static Tensor Unscaled(Saved saved, Tensor x, Tensor weight)
    {
        var held = saved.Tensors;
        return ScaledLinear.Compute(x, weight, null, held.Find(Down), held.Find(Up), saved.Scale, null, held.Find(Columns)).Answer;
    }

    // Σ over tokens of a ⊙ b. A sum that is asked for in float32 would be ten times slower in bfloat16, whose own sums are kept in float32
    // until the last.
    static Tensor Summed(Tensor a, Tensor b) => (a * b).sum(dim: 0).to(ScalarType.Float32);
}

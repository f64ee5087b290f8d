namespace Lowrank.Torch;

/// <summary>y = r ⊙ ((W + s·B A)(c ⊙ x)) + b as one function: what DoRA (r or c a quotient of norms) and (IA)³ (no A, B) compute.</summary>
/// <remarks>
/// Only x, the rank-sized product and a view of the answer are kept. r's gradient is Σ g ⊙ (y − b)/r, which needs no product; where the answer was changed in place
/// meanwhile, or an r is too small to divide by, the answer is computed again.
/// </remarks>
public static class ScaledLinear
{
    /// <summary>The adapted answer.</summary>
    /// <param name="x">Input (..., in).</param>
    /// <param name="weight">Frozen weight (out, in), in x's dtype; it gets no gradient.</param>
    /// <param name="bias">Frozen bias (out), in x's dtype, or null.</param>
    /// <param name="down">A, (rank, in), or null.</param>
    /// <param name="up">B, (out, rank), or null.</param>
    /// <param name="scale">s.</param>
    /// <param name="rows">r, (out), float32, or null for ones.</param>
    /// <param name="columns">c, (in), float32, or null for ones.</param>
    public static Tensor Run(Tensor x, Tensor weight, Tensor? bias, Tensor? down, Tensor? up, double scale, Tensor? rows, Tensor? columns)
    {
        if (x.shape[^1] != weight.shape[1] || rows is not null && rows.numel() != weight.shape[0] || columns is not null && columns.numel() != weight.shape[1])
            throw new ShapeException($"x {Shape(x)}, weight {Shape(weight)}, rows {Shape(rows)} and columns {Shape(columns)} do not fit each other");
        if (is_grad_enabled()) return ScaledLinearFunction.apply(x, weight, bias!, down!, up!, scale, rows!, columns!);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Compute(x, weight, bias, down, up, scale, rows, columns).Answer);
    }

    internal static (Tensor Answer, Tensor? Low) Compute(Tensor x, Tensor weight, Tensor? bias, Tensor? down, Tensor? up, double scale, Tensor? rows, Tensor? columns)
    {
        var scaled = columns is null ? x : x * columns.to(x.dtype);
        // Without a scale behind it the product takes the bias along.
        var y = nn.functional.linear(scaled, weight, rows is null ? bias : null);
        var low = down is null ? null : nn.functional.linear(scaled.reshape(-1, x.shape[^1]), down.to(x.dtype));
        using var view = y.view(-1, y.shape[^1]);
        if (low is not null) view.addmm_(low, up!.to(x.dtype).t(), 1, (float)scale);
        if (rows is not null) view.mul_(rows.to(y.dtype));
        if (rows is not null && bias is not null) view.add_(bias);
        return (y, low);
    }

    static string Shape(Tensor? t) => t is null ? "none" : $"({string.Join(", ", t.shape)})";
}

sealed class ScaledLinearFunction : autograd.SingleTensorFunction<ScaledLinearFunction>
{
    public override string Name => nameof(ScaledLinearFunction);

    // The smallest r, against the largest, by which an answer is divided.
    const double SmallestDivisor = 1e-3;

    sealed record Saved(Held Tensors, double Scale, bool InputNeedsGradient, bool RowsNeedGradient, bool ColumnsNeedGradient, long[] InputShape, long Version);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, bias, down, up) = ((Tensor)vars[0], (Tensor)vars[1], vars[2] as Tensor, vars[3] as Tensor, vars[4] as Tensor);
        var (scale, rows, columns) = ((double)vars[5], vars[6] as Tensor, vars[7] as Tensor);
        using var scope = NewDisposeScope();
        var (a, b) = (down?.to(x.dtype), up?.to(x.dtype));
        var (y, low) = ScaledLinear.Compute(x, weight, bias, a, b, scale, rows, columns);
        bool rowsNeed = rows?.requires_grad == true;
        var held = new Held(x, weight, bias, a, b, low, rows, columns, rowsNeed ? y : null);
        ctx.save_data("saved", new Saved(held, scale, x.requires_grad, rowsNeed, columns?.requires_grad == true, x.shape, rowsNeed ? y.Version() : 0));
        return scope.MoveToOuter(y);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => Backward.Run(gradient, 8, gradientOut =>
    {
        var saved = (Saved)ctx.get_data("saved");
        var (held, s) = (saved.Tensors, saved.Scale);
        Tensor? Of(int index) => held.Has(index) ? held[index] : null;
        var (x, weight, bias) = (held[0].reshape(-1, saved.InputShape[^1]), held[1], Of(2));
        var (down, up, low, rows, columns) = (Of(3), Of(4), Of(5), Of(6), Of(7));
        var g = gradientOut.reshape(-1, weight.shape[0]);
        Tensor? dRows = saved.RowsNeedGradient ? RowsGradient(saved, x, weight, bias, g) : null;
        if (rows is not null) g = g * rows.to(g.dtype);

        var xs = columns is null || down is null ? x : x * columns.to(x.dtype);
        Tensor? gUp = null, dUp = null, dDown = null;
        if (down is not null)
        {
            gUp = (g.dtype == ScalarType.Float32 ? nn.functional.linear(g, up!.t().contiguous()) : g.mm(up!)) * s;   // forms as in LoraLinear
            dUp = (low! * s).t().mm(g).t().to(ScalarType.Float32);
            dDown = gUp.t().mm(xs).to(ScalarType.Float32);
        }
        Tensor? dx = null, dColumns = null;
        if (saved.InputNeedsGradient || saved.ColumnsNeedGradient)
        {
            dx = g.mm(weight);
            if (gUp is not null) dx.addmm_(gUp, down!, 1, 1);
            if (saved.ColumnsNeedGradient) dColumns = (x * dx).sum(0, type: ScalarType.Float32).view(columns!.shape);
            if (columns is not null) dx.mul_(columns.to(dx.dtype));
            dx = dx.view(saved.InputShape);
        }
        held.Free();
        return [saved.InputNeedsGradient ? dx : null, null, null, dDown, dUp, null, dRows, dColumns];
    });

    static Tensor RowsGradient(Saved saved, Tensor x, Tensor weight, Tensor? bias, Tensor g)
    {
        var (held, y) = (saved.Tensors, saved.Tensors[8]);
        var rows = held[6].reshape(-1);
        bool divisible = rows.abs().min().ToDouble() > SmallestDivisor * rows.abs().max().ToDouble();
        Tensor sum;
        if (divisible && y.Version() == saved.Version)
        {
            sum = (g * y.reshape(g.shape)).sum(0, type: ScalarType.Float32);
            if (bias is not null) sum = sum - bias.to(ScalarType.Float32) * g.sum(0, type: ScalarType.Float32);
            sum = sum / rows;
        }
        else
        {
            var plain = ScaledLinear.Compute(x, weight, null, held.Has(3) ? held[3] : null, held.Has(4) ? held[4] : null, saved.Scale, null, held.Has(7) ? held[7] : null).Answer;
            sum = (g * plain).sum(0, type: ScalarType.Float32);
        }
        return sum.view(held[6].shape);
    }
}

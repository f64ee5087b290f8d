namespace Lowrank.Torch;

/// <summary>y = r ⊙ ((W + s·B A)(c ⊙ x)) + b as one function: what DoRA (r or c a quotient of norms) and (IA)³ (no A, B) compute.</summary>
/// <remarks>
/// Only x, the rank-sized product and a view of the answer are kept. r's gradient is Σ g ⊙ (y − b)/r, which needs no product; where the answer was changed in place
/// meanwhile, or an r is too small to divide by, the answer is computed again. Scaling a side of W or scaling tokens is the same; what is smaller is scaled.
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
        long inputs = weight.shape[1], tokens = x.numel() / inputs;
        var low = down is null ? null : nn.functional.linear(x.reshape(-1, inputs), Scaled(down, null, columns).to(x.dtype));
        // Two passes over the answer are spared when its scale goes to the weight, one over the input.
        bool rowsOfWeight = rows is not null && 2 * tokens > inputs, columnsOfWeight = tokens > weight.shape[0];
        var input = columns is null || columnsOfWeight ? x : x * columns.to(x.dtype);
        var y = nn.functional.linear(input, Scaled(weight, rowsOfWeight ? rows : null, columnsOfWeight ? columns : null), rows is null || rowsOfWeight ? bias : null);
        using var view = y.view(-1, y.shape[^1]);
        if (low is not null) view.addmm_(low, Scaled(up!, rowsOfWeight ? rows : null, null).to(x.dtype).t(), 1, (float)scale);
        if (rows is null || rowsOfWeight) return (y, low);
        view.mul_(rows.reshape(-1).to(y.dtype));
        if (bias is not null) view.add_(bias);
        return (y, low);
    }

    /// <summary>A matrix with its rows and columns scaled.</summary>
    internal static Tensor Scaled(Tensor matrix, Tensor? rows, Tensor? columns)
    {
        if (rows is not null) matrix = matrix * rows.reshape(-1, 1).to(matrix.dtype);
        return columns is null ? matrix : matrix * columns.reshape(1, -1).to(matrix.dtype);
    }

    static string Shape(Tensor? t) => t is null ? "none" : t.shape.Text();
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
        var (y, low) = ScaledLinear.Compute(x, weight, bias, down, up, scale, rows, columns);
        bool rowsNeed = rows?.requires_grad == true;
        var held = new Held(x, weight, bias, down, up, low, rows, columns, rowsNeed ? y : null);
        ctx.save_data("saved", new Saved(held, scale, x.requires_grad, rowsNeed, columns?.requires_grad == true, x.shape, rowsNeed ? y.Version() : 0));
        return scope.MoveToOuter(y);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradient) => Backward.Run(gradient, 8, gradientOut =>
    {
        var saved = (Saved)ctx.get_data("saved");
        var held = saved.Tensors;
        Tensor? Of(int index) => held.Has(index) ? held[index] : null;
        var (x, weight) = (held[0].reshape(-1, saved.InputShape[^1]), held[1]);
        var (down, up, rows, columns) = (Of(3), Of(4), Of(6), Of(7));
        var g = gradientOut.reshape(-1, weight.shape[0]);
        var dRows = saved.RowsNeedGradient ? RowsGradient(saved, x, weight, g) : null;

        Tensor? gUp = null, dUp = null, dDown = null;
        if (down is not null)
        {
            var b = ScaledLinear.Scaled(up!, rows, null).to(g.dtype);
            gUp = (g.dtype == ScalarType.Float32 ? nn.functional.linear(g, b.t().contiguous()) : g.mm(b)) * saved.Scale;   // forms as in LoraLinear
            dUp = ScaledLinear.Scaled((Of(5)! * saved.Scale).t().mm(g).t().to(ScalarType.Float32), rows, null);
            dDown = ScaledLinear.Scaled(gUp.t().mm(x).to(ScalarType.Float32), null, columns);
        }
        var (dx, dColumns) = saved.InputNeedsGradient || saved.ColumnsNeedGradient ? InputGradients(saved, x, weight, g, gUp) : (null, null);
        held.Free();
        return [saved.InputNeedsGradient ? dx!.view(saved.InputShape) : null, null, null, dDown, dUp, null, dRows, dColumns];
    });

    static (Tensor Input, Tensor? Columns) InputGradients(Saved saved, Tensor x, Tensor weight, Tensor g, Tensor? gUp)
    {
        using var scope = NewDisposeScope();
        var held = saved.Tensors;
        var (rows, columns) = (held.Has(6) ? held[6] : null, held.Has(7) ? held[7] : null);
        long tokens = g.shape[0];
        bool rowsOfWeight = tokens > weight.shape[1], columnsOfWeight = !saved.ColumnsNeedGradient && tokens > weight.shape[0];
        var scaled = rows is null || rowsOfWeight ? g : g * rows.reshape(-1).to(g.dtype);
        var dx = scaled.mm(ScaledLinear.Scaled(weight, rowsOfWeight ? rows : null, columnsOfWeight ? columns : null));
        if (gUp is not null) dx.addmm_(gUp, ScaledLinear.Scaled(held[3], null, columnsOfWeight ? columns : null).to(g.dtype), 1, 1);
        var dColumns = saved.ColumnsNeedGradient ? scope.MoveToOuter(Summed(x, dx).view(columns!.shape)) : null;
        if (columns is not null && !columnsOfWeight) dx.mul_(columns.reshape(-1).to(dx.dtype));
        return (scope.MoveToOuter(dx), dColumns);
    }

    static Tensor RowsGradient(Saved saved, Tensor x, Tensor weight, Tensor g)
    {
        using var scope = NewDisposeScope();
        var (held, y) = (saved.Tensors, saved.Tensors[8]);
        var rows = held[6].reshape(-1);
        bool divisible = rows.abs().min().ToDouble() > SmallestDivisor * rows.abs().max().ToDouble();
        Tensor sum;
        if (divisible && y.Version() == saved.Version)
        {
            var unbiased = y.reshape(g.shape);
            sum = Summed(g, held.Has(2) ? unbiased - held[2] : unbiased) / rows;
        }
        else sum = Summed(g, ScaledLinear.Compute(x, weight, null, held.Has(3) ? held[3] : null, held.Has(4) ? held[4] : null, saved.Scale, null, held.Has(7) ? held[7] : null).Answer);
        return scope.MoveToOuter(sum.view(held[6].shape));
    }

    // Σ over tokens of a ⊙ b. A sum that is asked for in float32 would be ten times slower in bfloat16, whose own sums are kept in float32 until the last.
    static Tensor Summed(Tensor a, Tensor b) => (a * b).sum(dim: 0).to(ScalarType.Float32);
}

namespace Lowrank.Torch;

/// <summary>y = r ⊙ ((W + s·B A)(c ⊙ x)) + b as one function: what DoRA (r or c a quotient of norms) and (IA)³ (no A, B) compute.</summary>
/// <remarks>
/// Only x, the rank-sized product and a view of the answer are kept. r's gradient is Σ g ⊙ (y − b)/r, which needs no product; where the
/// answer was changed in place meanwhile, or an r is too small to divide by, the answer is computed again. Scaling a side of W or scaling
/// tokens is the same; what is smaller is scaled.
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
        bool rowsFit = rows is null || rows.numel() == weight.shape[0], columnsFit = columns is null || columns.numel() == weight.shape[1];
        if (!rowsFit || !columnsFit || x.shape[^1] != weight.shape[1])
            throw new ShapeException(
                $"x {Shape(x)}, weight {Shape(weight)}, rows {Shape(rows)} and columns {Shape(columns)} do not fit each other");
        if (is_grad_enabled()) return ScaledLinearFunction.apply(x, weight, bias!, down!, up!, scale, rows!, columns!);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Compute(x, weight, bias, down, up, scale, rows, columns).Answer);
    }

    internal static (Tensor Answer, Tensor? Low) Compute(
        Tensor x, Tensor weight, Tensor? bias, Tensor? down, Tensor? up, double scale, Tensor? rows, Tensor? columns)
    {
        long inputs = weight.shape[1], tokens = x.numel() / inputs;
        var low = down is null ? null : Low(x.reshape(-1, inputs), Scaled(down, null, columns).to(x.dtype));
        // Two passes over the answer are spared when its scale goes to the weight, one over the input.
        bool rowsOfWeight = rows is not null && 2 * tokens > inputs, columnsOfWeight = tokens > weight.shape[0];
        var input = columns is null || columnsOfWeight ? x : x * columns.to(x.dtype);
        var scaledWeight = Scaled(weight, rowsOfWeight ? rows : null, columnsOfWeight ? columns : null);
        var y = LinearProduct.Run(input, scaledWeight, rows is null || rowsOfWeight ? bias : null);
        using var view = y.view(-1, y.shape[^1]);
        if (low is not null)
            using (OwnThread.For(low.numel() * view.shape[1]))
                view.addmm_(low, Scaled(up!, rowsOfWeight ? rows : null, null).to(x.dtype).t(), 1, (float)scale);
        if (rows is null || rowsOfWeight) return (y, low);
        view.mul_(rows.reshape(-1).to(y.dtype));
        if (bias is not null) view.add_(bias);
        return (y, low);
    }

    static Tensor Low(Tensor x, Tensor down)
    {
        using var block = OwnThread.For(x.numel() * down.shape[0]);
        return nn.functional.linear(x, down);
    }

    /// <summary>A matrix with its rows and columns scaled.</summary>
    internal static Tensor Scaled(Tensor matrix, Tensor? rows, Tensor? columns)
    {
        if (rows is not null) matrix = matrix * rows.reshape(-1, 1).to(matrix.dtype);
        return columns is null ? matrix : matrix * columns.reshape(1, -1).to(matrix.dtype);
    }

    static string Shape(Tensor? t) => t is null ? "none" : t.shape.Text();
}

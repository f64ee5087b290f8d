namespace Lowrank.Torch;

/// <summary>A matrix of low rank as Left·diag(Values)·Right, the first terms of a singular value decomposition.</summary>
/// <remarks>Signs are chosen so that the largest entry of each row of Right is positive: which signs LAPACK finds is an accident.</remarks>
/// <param name="Left">(rows, rank), orthonormal columns.</param>
/// <param name="Values">(rank), descending.</param>
/// <param name="Right">(rank, columns), orthonormal rows.</param>
/// <param name="Spectrum">What is known of the singular values of the matrix that was decomposed.</param>
public sealed record TruncatedSvd(Tensor Left, Tensor Values, Tensor Right, Spectrum Spectrum)
{
    /// <summary>How many terms there are.</summary>
    public int Rank => (int)Values.shape[0];

    /// <summary>Frobenius norm of what these terms leave out.</summary>
    public double Error => Spectrum.Error(Rank);

    /// <summary>The first terms of these.</summary>
    public TruncatedSvd Truncate(int rank) => rank >= Rank ? this
        : this with { Left = Left.narrow(1, 0, rank), Values = Values.narrow(0, 0, rank), Right = Right.narrow(0, 0, rank) };

    /// <summary>The matrix as a product of two factors, (rows, rank) with the singular values worked in, and (rank, columns).</summary>
    public (Tensor Up, Tensor Down) Factors => (Left * Values, Right);

    /// <summary>All terms, by LAPACK: O(rows·columns·min(rows, columns)).</summary>
    /// <param name="matrix">A matrix of float32 or float64.</param>
    /// <exception cref="LowrankException">It holds values that are not finite.</exception>
    public static TruncatedSvd Full(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        RefuseNonFinite(matrix);
        // LAPACK takes several times as long for a wide matrix as for the tall one that it is transposed.
        bool wide = matrix.shape[1] > matrix.shape[0];
        var (left, values, right) = linalg.svd(wide ? matrix.t() : matrix, fullMatrices: false);
        if (wide) (left, right) = (right.t(), left.t());
        return Of(left, values, right, Spectrum.Complete(Numbers(values), (int)values.shape[0])).MovedOutOf(scope);
    }

    /// <summary>All terms of the product up·down: QR of both factors and the SVD of a core of the rank's size. The product is not
    /// built.</summary>
    /// <param name="up">(rows, rank), float32 or float64.</param>
    /// <param name="down">(rank, columns), the same dtype.</param>
    /// <returns>At most rank terms; the spectrum is that of the product, whose further values are zeros.</returns>
    /// <exception cref="LowrankException">A factor holds values that are not finite.</exception>
    public static TruncatedSvd OfProduct(Tensor up, Tensor down)
    {
        if (up.dim() != 2 || down.dim() != 2 || up.shape[1] != down.shape[0])
            throw new ShapeException($"factors of shapes {up.shape.Text()} and {down.shape.Text()} do not multiply");
        using var scope = NewDisposeScope();
        RefuseNonFinite(up);
        RefuseNonFinite(down);
        var (q1, r1) = ThinQr.Of(up);
        var (q2, r2) = ThinQr.Of(down.t());
        var (left, values, right) = linalg.svd(r1.mm(r2.t()), fullMatrices: false);
        int length = (int)Math.Min(up.shape[0], down.shape[1]);
        return Of(q1.mm(left), values, right.mm(q2.t()), Spectrum.Complete(Numbers(values), length)).MovedOutOf(scope);
    }

    /// <summary>Terms with their signs chosen.</summary>
    internal static TruncatedSvd Of(Tensor left, Tensor values, Tensor right, Spectrum spectrum)
    {
        var signs = right.gather(1, right.abs().argmax(1, keepdim: true)).sign();
        signs = signs + (signs == 0).to(signs.dtype);
        return new(left * signs.t(), values, right * signs, spectrum);
    }

    internal TruncatedSvd MovedOutOf(DisposeScope scope)
    {
        scope.MoveToOuter(Left, Values, Right);
        return this;
    }

    internal static void RefuseNonFinite(Tensor matrix)
    {
        if (ValueRange.AreFinite(matrix)) return;
        throw new LowrankException(
            $"a matrix of shape {matrix.shape.Text()} holds values that are not finite, and has no singular values");
    }

    internal static double[] Numbers(Tensor values)
    {
        using var wide = values.to(ScalarType.Float64);
        return wide.data<double>().ToArray();
    }
}

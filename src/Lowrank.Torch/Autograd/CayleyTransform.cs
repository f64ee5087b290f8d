namespace Lowrank.Torch;

/// <summary>R = (I + Q)(I − Q)⁻¹, orthogonal for skew Q, by a function that keeps nothing but R.</summary>
/// <remarks>As R = 2(I − Q)⁻¹ − I, ∂Q = ½ (R + I)ᵀ ∂R (R + I)ᵀ: two products, where autograd would solve again and keep what the first
/// solution rests on.</remarks>
public static class CayleyTransform
{
    /// <summary>R of every matrix.</summary>
    /// <param name="skew">Q, (..., size, size), skew, in float32 or float64.</param>
    public static Tensor Run(Tensor skew) => Run(skew, false);

    /// <summary>R of Q = X − Xᵀ.</summary>
    /// <param name="x">X, (..., size, size), in float32 or float64.</param>
    /// <exception cref="ShapeException">No squares.</exception>
    public static Tensor OfDifference(Tensor x) => Run(x, true);

    static Tensor Run(Tensor x, bool ofDifference)
    {
        if (x.dim() < 2 || x.shape[^1] != x.shape[^2])
            throw new ShapeException($"the Cayley transform is of squares, and X is {x.shape.Text()}");
        if (is_grad_enabled() && x.requires_grad) return CayleyFunction.apply(x, ofDifference);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Compute(x, ofDifference));
    }

    internal static Tensor Compute(Tensor x, bool ofDifference)
    {
        if (ofDifference && CayleyKernel.Suits(x)) return CayleyKernel.Transform(x);
        var q = ofDifference ? x - x.transpose(-1, -2) : x;
        var one = eye(q.shape[^1], dtype: q.dtype, device: q.device);
        // R (I − Q) = I + Q, solved from the left on the transposed.
        return linalg.solve((one - q).transpose(-1, -2), (one + q).transpose(-1, -2)).transpose(-1, -2);
    }

    /// <summary>∂X from R and ∂R.</summary>
    internal static Tensor Gradient(Tensor rotation, Tensor g, bool ofDifference)
    {
        if (CayleyKernel.Suits(rotation) && g.dtype == rotation.dtype) return CayleyKernel.Gradient(rotation, g, ofDifference);
        var sum = (rotation + eye(g.shape[^1], dtype: g.dtype, device: g.device)).transpose(-1, -2);
        var ofSkew = sum.matmul(g).matmul(sum) * 0.5;
        return ofDifference ? ofSkew - ofSkew.transpose(-1, -2) : ofSkew;
    }
}
